// Terminals for containers where the agent is root of a user namespace alone: those of the machine would belong to
// nobody there.

import { runCommand } from './run-command.ts';

/** From now on this process makes terminals in an instance of devpts of its own, which containers get. @throws Error */
export async function ownTerminals(): Promise<void> {
  await runCommand('mount', ['-t', 'devpts', '-o', 'newinstance,ptmxmode=0666,mode=0620', 'devpts', '/dev/pts']);
  await runCommand('mount', ['--bind', '/dev/pts/ptmx', '/dev/ptmx']);
}
