/**
 * The exit status of a command run in a pod, as the `error` channel of pods/exec reports it; undefined where the command
 * could not be run.
 */
export function exitStatusOf(status: {
  status?: string;
  message?: string;
  details?: { causes?: { reason?: string; message?: string }[] };
}): number | undefined {
  if (status.status === 'Success') return 0;
  const exitCode = status.details?.causes?.find((cause) => cause.reason === 'ExitCode')?.message;
  return exitCode === undefined ? undefined : Number.parseInt(exitCode, 10);
}
