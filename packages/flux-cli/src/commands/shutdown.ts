/** `flux shutdown`: ends an instance, and shows its log while it does. */
import { connect, type Flux, FluxError, kvsRoot } from '@ebb/flux-client';
import { strerror } from '@ebb/flux-formats';
import { CommandError } from '../command-module.ts';
import { valueAt } from '../config/json-path.ts';
import { type COptions, type CSyntax, parseCOptions } from '../options/c-options.ts';
import { resolveUri } from '../uri/resolve-uri.ts';
import { failureWithText } from '../with-broker.ts';

const syntax: CSyntax = {
  program: 'flux shutdown',
  usage: '[OPTIONS] [TARGET]',
  description: 'Shut down the Flux instance',
  options: [
    { name: 'skip-gc', help: 'Skip KVS garbage collection this time, if already enabled' },
    { name: 'gc', help: 'Garbage collect KVS (short for --dump=auto)' },
    {
      name: 'dump',
      takes: 'value',
      shown: 'PATH',
      help: 'Dump KVS content to specified archive file using flux-dump(1).',
    },
    { name: 'background', help: 'Exit the command immediately after initiating shutdown' },
    { name: 'quiet', help: 'Show only log messages <= LOG_WARNING level' },
    {
      name: 'verbose',
      key: 'v',
      takes: 'optional',
      shortTakes: false,
      shown: '[LEVEL]',
      help: 'Increase log verbosity: 0=show log messages <= LOG_INFO level (default), 1=show all log messages',
    },
    { name: 'yes', key: 'y', help: 'Answer yes to any yes/no questions' },
    { name: 'no', key: 'n', help: 'Answer no to any yes/no questions' },
  ],
};

const level = { warning: 4, info: 6, debug: 7 } as const;

export async function run(words: string[]): Promise<number> {
  const options: COptions = parseCOptions(syntax, words);
  const [target, ...more] = options.words;
  if (more.length > 0) options.failWithUsage();
  const flux = await open(target);
  try {
    await chooseDump(flux, options);
    await shutDown(flux, options);
  } finally {
    await flux.close();
  }
  return 0;
}

async function open(target: string | undefined): Promise<Flux> {
  let uri: string | undefined;
  try {
    uri = target === undefined ? undefined : await resolveUri(target);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    process.stderr.write(`flux-uri: ERROR: ${error.message}\n`);
    throw new CommandError(`failed to resolve target ${target} to a Flux URI`);
  }
  try {
    return await connect(uri);
  } catch (error) {
    const enoent = 2;
    throw new CommandError(`error connecting to Flux: ${strerror(error instanceof FluxError ? error.errno : enoent)}`);
  }
}

/** Says by the attribute content.dump whether and where the KVS is dumped at the end. */
async function chooseDump(flux: Flux, options: COptions): Promise<void> {
  if (options.has('gc') && (options.has('skip-gc') || options.has('dump'))) {
    throw new CommandError('--gc is incompatible with --skip-gc or --dump');
  }
  const before = await attribute(flux, 'content.dump');
  let dump = before;
  if (options.has('skip-gc')) dump = undefined;
  else if (options.has('dump')) dump = options.text('dump');
  else if (options.has('gc') || (await wantsCollection(flux, options))) dump = 'auto';
  if (dump !== before) await setAttribute(flux, dump);
  if (dump === undefined) return;
  const place = dump === 'auto' ? await automaticPlace(flux) : dump;
  process.stderr.write(`flux-shutdown: shutdown will dump KVS to ${place} (this may take some time)\n`);
}

async function setAttribute(flux: Flux, value: string | undefined): Promise<void> {
  const name = 'content.dump';
  const request = value === undefined ? flux.rpc('attr.rm', { name }) : flux.rpc('attr.set', { name, value });
  await request.catch((error: unknown) =>
    failureWithText(`${value === undefined ? 'rmattr' : 'setattr'} ${name}`, error),
  );
}

async function automaticPlace(flux: Flux): Promise<string> {
  const goes = (await attribute(flux, 'statedir-cleanup')) ?? '0';
  return `${goes === '0' ? await flux.attr('statedir') : '.'}/dump/`;
}

/** Whether the KVS has changed so often that it should be tidied, and its user agrees. */
async function wantsCollection(flux: Flux, options: COptions): Promise<boolean> {
  const threshold = valueAt(await flux.rpc('config.get'), 'kvs.gc-threshold');
  if (typeof threshold !== 'number' || threshold <= 0) return false;
  const { rootseq } = await kvsRoot(flux);
  if (rootseq <= threshold) return false;
  if (options.has('yes')) return true;
  if (options.has('no')) return false;
  if (!process.stdin.isTTY) throw new CommandError('gc threshold exceeded, specify -y or -n\n');
  return ask('gc threshold exceeded, do you want to perform garbage collection');
}

/** Yes without a word; asks again when it is neither. */
async function ask(question: string): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    for (;;) {
      const answer = (await lines.question(`${question} [Y/n]? `)).trim().toLowerCase();
      if (answer === '' || answer.startsWith('y')) return true;
      if (answer.startsWith('n')) return false;
      process.stdout.write('Please answer y or n\n');
    }
  } finally {
    lines.close();
  }
}

async function shutDown(flux: Flux, options: COptions): Promise<void> {
  const verbose = options.text('verbose') === undefined ? options.count('verbose') : options.integer('verbose')!;
  const quietest = verbose === 0 ? level.info : level.debug;
  const request = { loglevel: options.has('quiet') ? level.warning : quietest };
  try {
    if (options.has('background')) {
      await flux.rpc('shutdown.start', request);
      return;
    }
    for await (const { log } of flux.stream<{ log: string }>('shutdown.start', request)) process.stderr.write(log);
  } catch (error) {
    if (!(error instanceof FluxError)) throw error;
    throw new CommandError(error.message);
  }
}

async function attribute(flux: Flux, name: string): Promise<string | undefined> {
  return flux.attr(name).catch((error: unknown) => {
    if (error instanceof FluxError) return undefined;
    throw error;
  });
}
