/**
 * `flux relay PATH`: carries messages between standard input and output and the broker's local socket, for the ssh
 * connector at the other end.
 */
import { hostname } from 'node:os';
import { FluxError, serveRelay } from '@ebb/flux-client';
import { CommandExit } from '../command-module.ts';
import { type COptions, type CSyntax, parseCOptions } from '../options/c-options.ts';

const syntax: CSyntax = {
  program: 'flux relay',
  usage: '[OPTIONS] path',
  description: 'Relay messages between stdio and local://path',
  options: [],
};

export async function run(words: string[]): Promise<number> {
  const options: COptions = parseCOptions(syntax, words);
  const [path, ...more] = options.words;
  if (path === undefined) options.failWithUsage('path argument is required');
  if (more.length > 0) options.failWithUsage();
  try {
    await serveRelay(path, process.stdin, process.stdout);
    return 0;
  } catch (error) {
    if (!(error instanceof FluxError)) throw error;
    // What stands here comes out at the end of someone's ssh: the host says more than the command's name.
    process.stderr.write(`${hostname()}: local://${path}: ${new FluxError(error.errno).message}\n`);
    throw new CommandExit(1);
  }
}
