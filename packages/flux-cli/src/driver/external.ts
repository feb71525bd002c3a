/** Subcommands that are programs of their own: `flux-NAME` or `flux-NAME.py` in `FLUX_EXEC_PATH` or `PATH`. */
import { spawn } from 'node:child_process';
import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { constants as system } from 'node:os';
import { delimiter, join } from 'node:path';

/** The folders that are searched, in their order. */
export function searchPath(env: NodeJS.ProcessEnv): string[] {
  return [env['FLUX_EXEC_PATH_PREPEND'], env['FLUX_EXEC_PATH']].flatMap(foldersOf);
}

const foldersOf = (path: string | undefined): string[] => (path ?? '').split(delimiter).filter((each) => each !== '');

/** The program of a command, by name or, with a slash in it, as it is. */
export function findProgram(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const folders = [...searchPath(env), ...foldersOf(env['PATH'])];
  const paths = folders.flatMap((folder) => [join(folder, `flux-${name}.py`), join(folder, `flux-${name}`)]);
  return (name.includes('/') ? [name] : paths).find(isProgram);
}

/** The names of all commands that are programs. */
export function programNames(env: NodeJS.ProcessEnv): string[] {
  const folders = [...searchPath(env), ...foldersOf(env['PATH'])];
  return folders.flatMap((folder) =>
    entriesOf(folder)
      .filter((file) => file.startsWith('flux-') && isProgram(join(folder, file)))
      .map((file) => file.slice('flux-'.length).replace(/\.py$/, '')),
  );
}

/** In this process's place, as near as one can: signals go on to the program, and its end is this one's. */
export function runProgram(path: string, words: readonly string[]): Promise<number> {
  const child = spawn(path, words, { stdio: 'inherit' });
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const) {
    process.on(name, () => child.kill(name));
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? 128 + system.signals[signal!]));
  });
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    // A folder of the path that is not there holds nothing.
    return [];
  }
}
