/** `flux env`: the surroundings in which programs find this flux and its instance. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, dirname, resolve } from 'node:path';
import { FluxError } from '@ebb/flux-client';
import { CommandExit } from '../command-module.ts';
import { type CSyntax, parseCOptions } from '../options/c-options.ts';

const syntax: CSyntax = {
  program: 'flux env',
  usage: '[OPTIONS...] [COMMAND...]',
  description: 'Print the flux environment or execute COMMAND inside it',
  options: [],
};

export async function run(words: string[]): Promise<number> {
  const [program, ...rest] = parseCOptions(syntax, words).words;
  const variables = fluxVariables();
  if (program === undefined) {
    process.stdout.write(variables.map(([name, value]) => `export ${name}="${value}"\n`).join(''));
    return 0;
  }
  return execute(program, rest, { ...process.env, ...Object.fromEntries(variables) });
}

/** The folder of this command is searched first, unless it is searched anyway. */
export function fluxVariables(): [string, string][] {
  const folder = dirname(resolve(process.argv[1]!));
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((each) => each !== '');
  const path = (folders.includes(folder) ? folders : [folder, ...folders]).join(delimiter);
  const uri = process.env['FLUX_URI'];
  return [['PATH', path], ...(uri === undefined ? [] : [['FLUX_URI', uri] as [string, string]])];
}

/** Takes this process's place, as near as one can: signals go on to the program, its end is this one's. */
function execute(program: string, words: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(program, words, { env, stdio: 'inherit' });
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const) {
    process.on(name, () => child.kill(name));
  }
  return new Promise((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      process.stderr.write(`flux: execvp (${program}): ${FluxError.of(error).message}\n`);
      reject(new CommandExit(1));
    });
    child.once('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal!]));
  });
}
