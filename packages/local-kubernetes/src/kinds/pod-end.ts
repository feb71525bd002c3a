interface ReportedPod {
  readonly status?: { readonly phase?: string };
}

/** Whether all containers of a pod have ended, well or not, for good. */
export function hasEnded(pod: object): boolean {
  const { phase } = (pod as ReportedPod).status ?? {};
  return phase === 'Succeeded' || phase === 'Failed';
}
