/** `ebb demo`: the walkthrough, typed with real kubectl and flux; each step shows what came back and is checked. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import pc from 'picocolors';
import { localKubeconfig } from '../cluster/open-cluster.ts';
import { stateFolder } from '../instance/state-folder.ts';
import { findKubectl } from '../kubectl/find-kubectl.ts';
import { terminalProgress } from '../terminal/progress.ts';
import { drawRecording } from '../walkthrough/recording.ts';
import { type RunOptions, runScenario, type StepRecord } from '../walkthrough/run-scenario.ts';
import { scenariosNamed } from '../walkthrough/scenarios.ts';

export interface DemoOptions {
  readonly kubeconfig?: string;
  readonly json?: string;
  readonly svg?: string;
}

export async function demo(names: readonly string[], options: DemoOptions): Promise<number> {
  const chosen = scenariosNamed(names);
  const kubectl = await findKubectl();
  if (!kubectl) throw new Error('the walkthrough types real kubectl commands: install kubectl 1.28 or later');
  const folder = mkdtempSync(join(tmpdir(), 'ebb-demo-'));
  const own =
    options.kubeconfig === undefined && localKubeconfig() === undefined ? await ownInstance(folder) : undefined;
  const abort = new AbortController();
  process.once('SIGINT', () => abort.abort());
  const records: StepRecord[] = [];
  try {
    const kubeconfig = options.kubeconfig ?? own?.kubeconfigPath ?? localKubeconfig()!;
    const run: RunOptions = {
      folder,
      environment: {
        ...process.env,
        KUBECONFIG: kubeconfig,
        PATH: `${dirname(kubectl.path)}${delimiter}${process.env['PATH']}`,
      },
      onTyped: (step, typed) => process.stdout.write(`\n${pc.bold(step.title)}\n${pc.dim('$')} ${typed}\n`),
      onStep: show,
      signal: abort.signal,
    };
    for (const scenario of chosen) {
      process.stdout.write(`\n${pc.bold(pc.cyan(`── ${scenario.name}: ${scenario.says}`))}\n`);
      records.push(...(await runScenario(scenario, run)));
      if (!records.at(-1)?.ok) break;
    }
  } finally {
    await own?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  if (options.json)
    writeFileSync(options.json, `${JSON.stringify({ ok: records.every(({ ok }) => ok), steps: records }, null, 2)}\n`);
  if (options.svg) writeFileSync(options.svg, drawRecording(records));
  const failed = records.filter(({ ok }) => !ok).length;
  process.stdout.write(`\n${records.length - failed} steps as expected, ${failed} not\n`);
  return failed === 0 ? 0 : 1;
}

/** An instance of the walkthrough's own, where none runs. */
async function ownInstance(folder: string) {
  const { startInstance } = await import('../instance/start-instance.ts');
  const state = stateFolder('demo', { ...process.env, EBB_HOME: folder });
  return startInstance({ folder: state, nodes: 4, port: 0, progress: terminalProgress() });
}

function show(record: StepRecord): void {
  for (const line of record.lines) process.stdout.write(`${pc.dim('>')} ${line}\n`);
  process.stdout.write(record.stdout);
  if (record.stdout && !record.stdout.endsWith('\n')) process.stdout.write('\n');
  process.stdout.write(pc.dim(record.stderr));
  for (const { what, seen } of record.expected) {
    process.stdout.write(seen === null ? `  ${pc.green('✔')} ${what}\n` : `  ${pc.red('✘')} ${what}: ${seen}\n`);
  }
}
