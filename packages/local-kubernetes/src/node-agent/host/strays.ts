// Processes of an agent that can make no process namespaces: each of them has the mark of its container in its
// environment, which begins with the agent's.

import { readdirSync, readFileSync } from 'node:fs';

const name = 'LOCAL_KUBERNETES_MARK';

/** The variable that marks what is started. */
export const markedWith = (mark: string): Record<string, string> => ({ [name]: mark });

/** Ends everything whose mark begins so. */
export function endStrays(mark: string): void {
  for (const id of readdirSync('/proc').map(Number)) {
    if (!(id > 0) || id === process.pid || !isMarked(id, mark)) continue;
    try {
      process.kill(id, 'SIGKILL');
    } catch {
      // It has gone.
    }
  }
}

function isMarked(processId: number, mark: string): boolean {
  try {
    return readFileSync(`/proc/${processId}/environ`, 'latin1')
      .split('\0')
      .some((each) => each.startsWith(`${name}=${mark}`));
  } catch {
    return false;
  }
}
