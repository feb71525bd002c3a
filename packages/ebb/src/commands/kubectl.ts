/** `ebb kubectl …`: kubectl on the local instance, whatever the user's own kubeconfig says. */
import { spawn } from 'node:child_process';
import { localKubeconfig } from '../cluster/open-cluster.ts';
import { findKubectl } from '../kubectl/find-kubectl.ts';
import { commandName } from '../terminal/command-name.ts';

export async function kubectl(words: readonly string[], options: { name?: string }): Promise<number> {
  const kubeconfig = localKubeconfig(options.name);
  if (!kubeconfig) throw new Error(`no instance runs here; start one with: ${commandName()} up`);
  const found = await findKubectl();
  if (!found) {
    throw new Error(
      'there is no kubectl of version 1.28 or later on the PATH; install one, or use: ebb get, ebb scale, ebb logs, ebb exec',
    );
  }
  const child = spawn(found.path, words, { stdio: 'inherit', env: { ...process.env, KUBECONFIG: kubeconfig } });
  // kubectl is in this terminal's foreground group and handles the signal itself.
  const ignored = () => {};
  process.on('SIGINT', ignored);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? (signal ? 130 : 1)));
  });
}
