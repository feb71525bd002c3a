/** The Helm chart, and helm to type with. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { findKubectl, packagedTool } from '@ebb/ebb/internal';

/** Folder of the chart. */
export const chart = resolve(import.meta.dirname, '../../deploy/chart/ebb-operator');

/** Runs helm with nothing of the user's own configuration. @throws Error with what helm said when it fails */
export async function helm(words: readonly string[], kubeconfig?: string): Promise<string> {
  const tool = await packagedTool('helm');
  if (!tool) throw new Error('there is no helm: npm ci');
  const folder = mkdtempSync(join(tmpdir(), 'ebb-helm-'));
  const own = { HELM_CACHE_HOME: folder, HELM_CONFIG_HOME: folder, HELM_DATA_HOME: folder };
  try {
    return await run(tool.path, words, { ...own, ...(kubeconfig ? { KUBECONFIG: kubeconfig } : {}) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs kubectl. @throws Error with what kubectl said when it fails */
export async function kubectl(words: readonly string[], kubeconfig: string, input = ''): Promise<string> {
  const tool = await findKubectl();
  if (!tool) throw new Error('there is no kubectl: npm ci');
  return run(tool.path, words, { KUBECONFIG: kubeconfig }, input);
}

/** Installs the chart as release `ebb-operator`, and waits until both replicas are ready. */
export async function installChart(kubeconfig: string, words: readonly string[] = []): Promise<void> {
  const where = ['-n', 'operator-system', '--create-namespace'];
  await helm(['install', 'ebb-operator', chart, ...where, ...words], kubeconfig);
  await rolledOut(kubeconfig);
}

/** @throws Error with what the Deployment's pods say when they do not become ready */
export async function rolledOut(kubeconfig: string): Promise<void> {
  const words = ['rollout', 'status', 'deployment/ebb-operator', '-n', 'operator-system', '--timeout=180s'];
  try {
    await kubectl(words, kubeconfig);
  } catch (error) {
    const pods = await kubectl(['describe', 'pods', '-n', 'operator-system'], kubeconfig);
    throw new Error(`${(error as Error).message}\n${pods.slice(-6000)}`);
  }
}

async function run(program: string, words: readonly string[], own: NodeJS.ProcessEnv, input = ''): Promise<string> {
  const options = { env: { ...process.env, ...own }, maxBuffer: 64 * 1024 * 1024 };
  const child = promisify(execFile)(program, words, options);
  // One that does not read may have ended before.
  child.child.stdin!.on('error', () => {}).end(input);
  return (await child).stdout;
}
