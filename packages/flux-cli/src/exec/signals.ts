/** Signals that this process gets go to the processes it runs; asked three times in quick succession, it leaves. */
import { constants } from 'node:os';
import type { RemoteProcess } from '@ebb/flux-client';

const quickMs = 1000;

export interface SignalOptions {
  readonly verbose: boolean;
  /** Of a process in the background: how it is named. Then an interrupt detaches from it. */
  readonly attached: string | undefined;
  running(): readonly RemoteProcess[];
  /** How many run. */
  count(): number;
  /** The ranks whose processes have not ended. */
  hanging(): string;
}

/** `ended` resolves with the exit status when the command is to leave at once. */
export function forwardSignals(options: SignalOptions): { readonly ended: Promise<number>; stop(): void } {
  let leave: (exitCode: number) => void;
  const ended = new Promise<number>((resolve) => {
    leave = resolve;
  });
  let interrupts = 0;
  let last = 0;
  const pass = (name: 'SIGINT' | 'SIGTERM') => {
    if (options.verbose) {
      process.stderr.write(`sending signal ${constants.signals[name]} to ${options.count()} running processes\n`);
    }
    // An answer would say no more than that a process has just ended.
    for (const each of options.running()) each.kill(constants.signals[name]).catch(() => {});
  };
  const interrupt = () => {
    if (options.attached !== undefined) {
      process.stderr.write(`detached; use 'flux sproc kill ${options.attached}' to signal it\n`);
      leave(0);
      return;
    }
    const now = performance.now();
    if (interrupts >= 2 && now - last < quickMs) {
      process.stderr.write(`${options.hanging()}: command still running at exit\n`);
      leave(1);
      return;
    }
    pass('SIGINT');
    if (interrupts > 0) process.stderr.write('interrupt (Ctrl+C) one more time within 1.00 sec to exit\n');
    last = now;
    interrupts++;
  };
  const terminate = () => pass('SIGTERM');
  process.on('SIGINT', interrupt).on('SIGTERM', terminate);
  return {
    ended,
    stop: () => {
      process.off('SIGINT', interrupt).off('SIGTERM', terminate);
    },
  };
}
