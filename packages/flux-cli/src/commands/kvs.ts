/** `flux kvs`: the key-value store. */
import { CommandExit } from '../command-module.ts';
import { type COptions, type CSyntax, cHelp, parseCOptions } from '../options/c-options.ts';

const syntax: CSyntax = { program: 'flux-kvs', usage: '[OPTIONS] COMMAND ARGS', options: [] };

interface KvsCommand {
  /** Resolves with the exit status. */
  run(words: readonly string[]): Promise<number>;
}

const subcommands: Readonly<Record<string, readonly [says: string, load: () => Promise<KvsCommand>]>> = {
  namespace: ['Perform KVS namespace operations', () => import('./kvs/namespace.ts')],
  get: ['Get value stored under key', () => import('./kvs/get.ts')],
  put: ['Store value under key', () => import('./kvs/put.ts')],
  dir: ['Display all keys under directory', () => import('./kvs/dir.ts')],
  ls: ['List directory', () => import('./kvs/ls.ts')],
  unlink: ['Remove key', () => import('./kvs/unlink.ts')],
  link: ['Create a new name for target', () => import('./kvs/link.ts')],
  readlink: ['Retrieve the key a link refers to', () => import('./kvs/readlink.ts')],
  mkdir: ['Create a directory', () => import('./kvs/mkdir.ts')],
  copy: ['Copy source key to destination key', () => import('./kvs/copy.ts')],
  move: ['Move source key to destination key', () => import('./kvs/move.ts')],
  version: ['Display current KVS version', () => import('./kvs/version.ts')],
  wait: ['Block until the KVS reaches version', () => import('./kvs/wait.ts')],
  getroot: ['Get KVS root treeobj', () => import('./kvs/getroot.ts')],
  sync: ['sync content and checkpoint to disk', () => import('./kvs/sync.ts')],
  eventlog: ['Manipulate a KVS eventlog', () => import('./kvs/eventlog.ts')],
};

export async function run(words: string[]): Promise<number> {
  const options = parsed(words);
  const [name = '', ...rest] = options.words;
  const subcommand = Object.hasOwn(subcommands, name) ? subcommands[name] : undefined;
  if (!subcommand) return showUsage(cHelp(syntax));
  return (await subcommand[1]()).run(rest);
}

/** The help lists the subcommands and ends with status 1, as flux-core's does. */
function parsed(words: readonly string[]): COptions {
  try {
    return parseCOptions(syntax, words);
  } catch (error) {
    if (!(error instanceof CommandExit) || error.exitCode !== 0) throw error;
    return showUsage('');
  }
}

function showUsage(help: string): never {
  const rows = Object.entries(subcommands).map(([name, [says]]) => `   ${name.padEnd(15)} ${says}\n`);
  process.stderr.write(`${help}\nCommon commands from flux-kvs:\n${rows.join('')}`);
  throw new CommandExit(1);
}
