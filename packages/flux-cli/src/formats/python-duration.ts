/** A duration as tables show it: to the millisecond under ten seconds, else four digits in the largest fitting unit. */
export function pythonDuration(seconds: number): string {
  if (seconds === Number.POSITIVE_INFINITY) return 'inf';
  if (seconds < 1e-3) return '0s';
  if (seconds < 10) return `${seconds.toFixed(3)}s`;
  const digits = (value: number) => String(Number(value.toPrecision(4)));
  if (seconds < 60) return `${digits(seconds)}s`;
  if (seconds < 3600) return `${digits(seconds / 60)}m`;
  if (seconds < 86_400) return `${digits(seconds / 3600)}h`;
  return `${digits(seconds / 86_400)}d`;
}
