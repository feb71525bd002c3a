/** `ebb down`: stops the local instance; `--delete` also removes its state. */
import { rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { isRunning, readRecord, removeRecord } from '../instance/instance-record.ts';
import { stateFolder } from '../instance/state-folder.ts';
import { terminalProgress } from '../terminal/progress.ts';

const politeMs = 45_000;

export async function down(options: { name?: string; delete?: boolean }): Promise<number> {
  const folder = stateFolder(options.name);
  const record = readRecord(folder.record);
  const stage = terminalProgress().stage(`Instance ${folder.name}`);
  if (record && isRunning(record)) {
    process.kill(record.pid, 'SIGTERM');
    const deadline = Date.now() + politeMs;
    while (isRunning(record)) {
      if (Date.now() > deadline) {
        process.kill(record.pid, 'SIGKILL');
        stage.failed(`it did not end within ${politeMs / 1000} s and was killed; the next start cleans up`);
        return 1;
      }
      stage.waitingFor(`process ${record.pid} to end`);
      await pause(50);
    }
    stage.done('stopped');
  } else {
    stage.done('does not run');
  }
  removeRecord(folder.record);
  if (options.delete) {
    const { removeLocalKubernetesState } = await import('@ebb/local-kubernetes');
    await removeLocalKubernetesState(folder.kubernetes);
    rmSync(folder.path, { recursive: true, force: true });
  }
  return 0;
}
