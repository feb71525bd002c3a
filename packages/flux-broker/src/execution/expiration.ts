// When a job's time is over.

/**
 * Seconds since 1970; 0 is never. A job that began late loses little of its time: when the delay is more than `percent`
 * of its duration, the end is put off by it (flux-core: max-start-delay-percent).
 */
export function expirationOf(
  { expiration, startTime }: { readonly expiration: number; readonly startTime: number },
  acceptedAt: number,
  percent: number,
): number {
  if (expiration === 0 || startTime <= 0) return expiration;
  const delay = acceptedAt - startTime;
  return (delay / (expiration - startTime)) * 100 > percent ? expiration + delay : expiration;
}
