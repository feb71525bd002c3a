/** Runs the flux of this package, or a real one, at an instance: for tests. */
import { spawn } from 'node:child_process';
import { accessSync, constants, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..', '..', '..', '..');

/** What stands before the words of a command line. */
export type FluxCommand = readonly string[];

export interface FluxResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
}

/** Bundles the command of this package to a folder of its own. */
export async function builtFlux(): Promise<{ command: FluxCommand; remove(): void }> {
  const folder = join(root, 'node_modules', '.cache', `flux-cli-${process.pid}`);
  await build({
    entryPoints: [join(root, 'packages', 'flux-cli', 'src', 'bin', 'flux.ts')],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    external: ['zeromq', 'lmdb', '@lydell/node-pty'],
    loader: { '.yaml': 'text' },
    keepNames: true,
    logLevel: 'warning',
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
  return {
    command: [process.execPath, join(folder, 'flux.mjs')],
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The flux of flux-core: `EBB_REAL_FLUX`, else one on the path that is not this package's. */
export function realFlux(): FluxCommand | undefined {
  const named = process.env['EBB_REAL_FLUX'];
  if (named) return [named];
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
  const path = folders.map((folder) => join(folder, 'flux')).find(isExecutable);
  return path === undefined ? undefined : [path];
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Runs a command to its end, or until what it printed matches, which sends it `signal`; `input` is its whole standard input. */
export function runFlux(
  flux: FluxCommand,
  words: readonly string[],
  options: {
    readonly uri?: string;
    readonly input?: string;
    readonly cwd?: string;
    readonly until?: RegExp;
    readonly signal?: NodeJS.Signals;
  } = {},
): Promise<FluxResult> {
  const [program, ...before] = flux as [string, ...string[]];
  const { FLUX_URI: _, ...environment } = process.env;
  const child = spawn(program, [...before, ...words], {
    // What a job writes into its folder is none of this repository's.
    cwd: options.cwd ?? tmpdir(),
    env: { ...environment, ...(options.uri === undefined ? {} : { FLUX_URI: options.uri }), COLUMNS: '80' },
  });
  // A command that waits for ever fails its own test, with no exit status, and no other.
  const deadline = setTimeout(() => child.kill('SIGKILL'), 20_000);
  const read = { stdout: '', stderr: '' };
  let isSignalled = false;
  const endAtMatch = () => {
    const { until, signal = 'SIGKILL' } = options;
    if (isSignalled || !(until?.test(read.stdout) || until?.test(read.stderr))) return;
    isSignalled = true;
    child.kill(signal);
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    read.stdout += text;
    endAtMatch();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    read.stderr += text;
    endAtMatch();
  });
  child.stdin.on('error', () => {}).end(options.input ?? '');
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => {
      clearTimeout(deadline);
      resolve({ ...read, exitCode });
    });
  });
}

/** Without what differs from run to run: ids, times and durations. */
export function normalized(text: string): string {
  return text
    .replaceAll(/ƒ[1-9A-HJ-NP-Za-km-z]+/g, 'ƒID')
    .replaceAll(/\d+\.\d{3}s:/g, 'Ts:')
    .replaceAll(/ +\d+(\.\d+)?m?s /g, ' T ');
}
