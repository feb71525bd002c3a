/** `ebb status`: whether the local instance runs, where, and its MiniClusters. */
import { isRunning, readRecord } from '../instance/instance-record.ts';
import { stateFolder } from '../instance/state-folder.ts';

export async function status(options: { name?: string; output?: string }): Promise<number> {
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
    process.stdout.write(`Instance ${folder.name} does not run. Start it with: ebb up\n`);
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
