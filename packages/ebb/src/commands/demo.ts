/** `ebb demo`: the walkthrough, typed with real kubectl and flux; each step shows what came back and is checked. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import pc from 'picocolors';
import { Cluster } from '../cluster/cluster.ts';
import { configFrom, localKubeconfig } from '../cluster/open-cluster.ts';
import { stateFolder } from '../instance/state-folder.ts';
import { findKubectl } from '../kubectl/find-kubectl.ts';
import { interruptedStatus, interruption } from '../terminal/interruption.ts';
import { terminalProgress } from '../terminal/progress.ts';
import { drawRecording } from '../walkthrough/recording.ts';
import { type RunOptions, runScenario, type StepRecord } from '../walkthrough/run-scenario.ts';
import { scenariosNamed } from '../walkthrough/scenarios.ts';
import type { Scenario } from '../walkthrough/step.ts';
import * as the from '../walkthrough/vocabulary.ts';

export interface DemoOptions {
  readonly kubeconfig?: string;
  /** Name of a local instance that runs. */
  readonly name?: string;
  readonly json?: string;
  readonly picture?: string;
}

export async function demo(names: readonly string[], options: DemoOptions): Promise<number> {
  const chosen = scenariosNamed(names);
  let kubeconfig = options.kubeconfig ?? (options.name === undefined ? undefined : localKubeconfig(options.name));
  const kubectl = await findKubectl();
  if (!kubectl) throw new Error('the walkthrough types real kubectl commands: install kubectl 1.28 or later');
  const signal = interruption();
  const folder = mkdtempSync(join(tmpdir(), 'ebb-demo-'));
  const records: StepRecord[] = [];
  let stop = async () => {};
  try {
    if (kubeconfig === undefined) {
      const own = await ownInstance(folder, signal);
      stop = own.stop;
      kubeconfig = own.kubeconfigPath;
    } else await refuseTaken(new Cluster(configFrom(kubeconfig)));
    const environment = {
      ...process.env,
      KUBECONFIG: kubeconfig,
      PATH: `${dirname(kubectl.path)}${delimiter}${process.env['PATH']}`,
    };
    await runAll(chosen, { folder, environment, signal, onTyped, onStep }, records);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  }
  if (signal.aborted) {
    process.stderr.write('ebb: interrupted before the walkthrough was over\n');
    return interruptedStatus;
  }
  return conclude(chosen, records, options);
}

async function runAll(chosen: readonly Scenario[], options: RunOptions, records: StepRecord[]): Promise<void> {
  for (const scenario of chosen) {
    process.stdout.write(`\n${pc.bold(pc.cyan(`── ${scenario.name}: ${scenario.says}`))}\n`);
    records.push(...(await runScenario(scenario, options)));
    if (!records.at(-1)?.ok) break;
  }
}

function conclude(chosen: readonly Scenario[], records: readonly StepRecord[], options: DemoOptions): number {
  const failed = records.filter(({ ok }) => !ok).length;
  if (options.json) writeFileSync(options.json, `${JSON.stringify({ ok: failed === 0, steps: records }, null, 2)}\n`);
  if (options.picture) writeFileSync(options.picture, drawRecording(records));
  const left = chosen.reduce((sum, { steps }) => sum + steps.length, -records.length);
  const unreached = left === 0 ? '' : `, ${left} not reached`;
  process.stdout.write(`\n${records.length - failed} steps as expected, ${failed} not${unreached}\n`);
  return failed === 0 ? 0 : 1;
}

/** An instance of the walkthrough's own: it makes and deletes a MiniCluster of the name that `ebb up` gives its first. */
async function ownInstance(folder: string, signal: AbortSignal) {
  const { startInstance } = await import('../instance/start-instance.ts');
  const state = stateFolder('demo', { ...process.env, EBB_HOME: folder });
  return startInstance({ folder: state, nodes: 4, port: 0, progress: terminalProgress(), signal });
}

/** @throws Error where the walkthrough would take over, and delete, what is somebody's */
async function refuseTaken(cluster: Cluster): Promise<void> {
  const found = await cluster.miniClusters(the.namespace);
  if (!found.some(({ metadata }) => metadata.name === the.cluster)) return;
  throw new Error(
    `the walkthrough makes and deletes MiniCluster ${the.namespace}/${the.cluster}, and there is one: delete it first`,
  );
}

const onTyped: RunOptions['onTyped'] = (step, typed) => {
  process.stdout.write(`\n${pc.bold(step.title)}\n`);
  if (step.beside) process.stdout.write(`${pc.dim('$')} ${step.beside}   ${pc.dim('# in a second terminal')}\n`);
  process.stdout.write(`${pc.dim('$')} ${typed}\n`);
};

function onStep(record: StepRecord): void {
  for (const line of record.lines) process.stdout.write(`${pc.dim('>')} ${line}\n`);
  process.stdout.write(record.stdout);
  if (record.stdout && !record.stdout.endsWith('\n')) process.stdout.write('\n');
  process.stdout.write(pc.dim(record.stderr));
  for (const { what, seen } of record.expected) {
    process.stdout.write(seen === null ? `  ${pc.green('✔')} ${what}\n` : `  ${pc.red('✘')} ${what}: ${seen}\n`);
  }
}
