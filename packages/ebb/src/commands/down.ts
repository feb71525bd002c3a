/** `ebb down`: stops the local instance; `--delete` also removes its state. */
import { rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { removeRecord } from '../instance/instance-record.ts';
import { stateFolder } from '../instance/state-folder.ts';
import { terminalProgress } from '../terminal/progress.ts';

const politeMs = 45_000;

export async function down(options: { name?: string; delete?: boolean }): Promise<number> {
  const folder = stateFolder(options.name);
  const { folderHolder, removeLocalKubernetesState } = await import('@ebb/local-kubernetes');
  const holder = folderHolder(folder.path);
  const stage = terminalProgress().stage(`Instance ${folder.name}`);
  if (holder !== undefined) {
    process.kill(holder, 'SIGTERM');
    const deadline = Date.now() + politeMs;
    while (folderHolder(folder.path) === holder) {
      if (Date.now() > deadline) {
        process.kill(holder, 'SIGKILL');
        stage.failed(`it did not end within ${politeMs / 1000} s and was killed; the next start cleans up`);
        return 1;
      }
      stage.waitingFor(`process ${holder} to end`);
      await pause(50);
    }
    stage.done('stopped');
  } else {
    stage.done('does not run');
  }
  removeRecord(folder.record);
  if (options.delete) {
    await removeLocalKubernetesState(folder.kubernetes);
    rmSync(folder.path, { recursive: true, force: true });
  }
  return 0;
}
