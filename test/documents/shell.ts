/** A shell in the repository, with the packaged kubectl and helm and one cluster. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { findKubectl, packagedTool } from '@ebb/ebb/internal';

const root = join(import.meta.dirname, '..', '..');

export class Shell {
  readonly #folder: string;
  readonly #environment: NodeJS.ProcessEnv;

  private constructor(folder: string, environment: NodeJS.ProcessEnv) {
    this.#folder = folder;
    this.#environment = environment;
  }

  /** @throws Error when a tool is missing */
  static async open(kubeconfigPath: string): Promise<Shell> {
    const folder = mkdtempSync(join(tmpdir(), 'ebb-shell-'));
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    for (const [name, tool] of [
      ['kubectl', await findKubectl()],
      ['helm', await packagedTool('helm')],
    ] as const) {
      if (!tool) throw new Error(`there is no ${name}: npm ci`);
      symlinkSync(tool.path, join(bin, name));
    }
    return new Shell(folder, {
      ...process.env,
      PATH: `${bin}${delimiter}${process.env['PATH']}`,
      KUBECONFIG: kubeconfigPath,
      HELM_CACHE_HOME: folder,
      HELM_CONFIG_HOME: folder,
      HELM_DATA_HOME: folder,
    });
  }

  /** Types these lines. @returns all that came back. @throws Error with it when a line fails */
  async type(lines: string): Promise<string> {
    const child = spawn('bash', ['-euo', 'pipefail', '-c', lines], {
      cwd: root,
      env: this.#environment,
      stdio: 'pipe',
    });
    child.stdin.end();
    let said = '';
    for (const output of [child.stdout, child.stderr]) output.on('data', (chunk: Buffer) => (said += chunk));
    const code = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (code !== 0) throw new Error(`status ${code} of:\n${lines}\n${said}`);
    return said;
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
