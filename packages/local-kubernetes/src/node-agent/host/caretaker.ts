// Takes away what an agent made on the machine and what no namespace takes with it: control groups, rules. A small
// process waits for the agent to end, however that comes, and then carries out what it was told.

import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { firstOutput } from './first-output.ts';

/** Last told, first done. `end_group FOLDER` ends what runs in a control group and below it, and removes it. */
const script = `end_group() {
  tries=0
  while [ -d "$1" ] && [ $tries -lt 200 ]; do
    for group in "$1"/*/ "$1"/; do
      [ -d "$group" ] || continue
      while read -r id; do [ "$id" = 0 ] || kill -9 "$id"; done < "$group/cgroup.procs"
      rmdir "$group"
    done
    [ -d "$1" ] && sleep 0.05
    tries=$((tries + 1))
  done
}
duties=
echo ready
while IFS= read -r duty; do
  duties="$duty
$duties"
done
eval "$duties"`;

export class Caretaker {
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess) {
    this.#process = process;
  }

  /**
   * Waits until the caretaker of the agent before has done its work, so that it takes nothing from this one.
   * @param folder of the agent
   * @throws Error where flock(1) is not installed
   */
  static async start(folder: string): Promise<Caretaker> {
    // A group of its own: what ends the agent is not to end it too.
    const child = spawn('flock', [join(folder, 'caretaker'), 'sh', '-c', script], {
      cwd: '/',
      stdio: ['pipe', 'pipe', 'ignore'],
      detached: true,
    });
    child.stdin.on('error', () => {});
    await firstOutput(child);
    child.stdout.resume();
    return new Caretaker(child);
  }

  /** @param duty a line of shell for the end; it may fail */
  atEnd(duty: string): void {
    this.#process.stdin!.write(`${duty}\n`);
  }

  /** Lets it do its work now, and waits. */
  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.stdin!.end();
    await ended;
  }
}
