/** The built `ebb` as a person starts it: a process of its own, with an environment of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

/** The program behind `npx ebb`. */
export const ebbProgram = join(import.meta.dirname, '..', '..', 'packages', 'ebb', 'bin', 'ebb.js');

export interface Typed {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface TypeOptions {
  /** Put over this process's own environment; undefined takes a variable away. */
  readonly environment?: NodeJS.ProcessEnv;
  readonly input?: string;
  /** Another program than `ebb`. */
  readonly program?: string;
  /** Where it is typed. Default: where this process runs. */
  readonly folder?: string;
}

export function startEbb(words: readonly string[], options: TypeOptions = {}): ChildProcess {
  const [program, first] = options.program ? [options.program, []] : [process.execPath, [ebbProgram]];
  return spawn(program, [...first, ...words], {
    cwd: options.folder,
    env: { ...process.env, NO_COLOR: '1', ...options.environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

/** Types a command and waits for its end; never throws for what it says. */
export async function ebb(words: readonly string[], options: TypeOptions = {}): Promise<Typed> {
  const child = startEbb(words, options);
  let stdout = '';
  let stderr = '';
  child.stdout!.on('data', (chunk: Buffer) => {
    stdout += chunk;
  });
  child.stderr!.on('data', (chunk: Buffer) => {
    stderr += chunk;
  });
  child.stdin!.on('error', () => {});
  child.stdin!.end(options.input ?? '');
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, stdout, stderr };
}
