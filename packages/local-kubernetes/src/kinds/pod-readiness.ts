interface ReportedPod {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** Whether a pod's status has the condition Ready. */
export function isPodReady(pod: object): boolean {
  const { conditions = [] } = (pod as ReportedPod).status ?? {};
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}
