/** How a command ends when it is asked to: orderly at the first signal, at once at the second. */

/** As a shell has it of what Ctrl-C ended. */
export const interruptedStatus = 130;

/** Aborts at the first signal that asks this process to end. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => controller.abort());
  return controller.signal;
}
