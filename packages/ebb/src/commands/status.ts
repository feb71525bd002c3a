/** `ebb status`: whether the local instance runs, where, and its MiniClusters. */
import { nameOption } from '../instance/already-runs.ts';
import { isRunning, readRecord } from '../instance/instance-record.ts';
import { stateFolder } from '../instance/state-folder.ts';
import { commandName } from '../terminal/command-name.ts';
import { refuseOutput } from './options.ts';

export async function status(options: { name?: string; output?: string }): Promise<number> {
  refuseOutput(options.output, 'json');
  const folder = stateFolder(options.name);
  const record = readRecord(folder.record);
  const running = record !== undefined && isRunning(record);
  if (options.output === 'json') {
    process.stdout.write(
      `${JSON.stringify({ name: folder.name, state: folder.path, running, ...(running ? record : {}) })}\n`,
    );
    return running ? 0 : 1;
  }
  if (!running) {
    const { folderHolder } = await import('@ebb/local-kubernetes');
    const holder = folderHolder(folder.path);
    process.stdout.write(
      holder === undefined
        ? `Instance ${folder.name} does not run. Start it with: ${commandName()} up${nameOption(folder)}\n`
        : `Instance ${folder.name} is starting or stopping (process ${holder})\n`,
    );
    return 1;
  }
  process.stdout.write(
    [
      `Instance ${folder.name} runs since ${record.since} as process ${record.pid}`,
      `  API server  ${record.url}`,
      `  kubeconfig  ${record.kubeconfigPath}`,
      `  state       ${folder.path}`,
      '',
      '',
    ].join('\n'),
  );
  const { get } = await import('./get.ts');
  return get(undefined, { kubeconfig: record.kubeconfigPath });
}
