/** `flux kvs namespace`: create, remove and list namespaces. */
import { kvsCreateNamespace, kvsNamespaces, kvsRemoveNamespace } from '@ebb/flux-client';
import { CommandError } from '../../command-module.ts';
import { type CSyntax, parseCOptions } from '../../options/c-options.ts';
import { chooseSubcommand } from '../../options/c-subcommands.ts';
import { failureOf, failureWithText, withBroker } from '../../with-broker.ts';

const usages = {
  create: '[-o owner] [-r rootref] name [name...]',
  remove: 'name [name...]',
  list: '',
} as const;

const syntax: CSyntax = {
  program: 'flux-kvs namespace',
  usage: Object.entries(usages)
    .map(([name, usage]) => `${name} ${usage}`)
    .join('\n   or: flux-kvs namespace '),
  description: 'Perform KVS namespace operations',
  options: [],
};

const syntaxOf = (name: keyof typeof usages, description: string, options: CSyntax['options'] = []): CSyntax => ({
  program: `flux-kvs namespace ${name}`,
  usage: usages[name],
  description,
  options,
});

const subcommands = { create, remove, list } as const;

export async function run(words: readonly string[]): Promise<number> {
  const { subcommand, rest } = chooseSubcommand(parseCOptions(syntax, words), subcommands);
  await subcommand(rest);
  return 0;
}

async function create(words: readonly string[]): Promise<void> {
  const options = parseCOptions(
    syntaxOf('create', 'Create a KVS namespace', [
      { name: 'owner', key: 'o', takes: 'value', help: 'Specify alternate namespace owner via userid' },
      { name: 'rootref', key: 'r', takes: 'value', help: 'Initialize namespace with specific root reference' },
    ]),
    words,
  );
  if (options.words.length === 0) options.failWithUsage();
  const owner = options.text('owner');
  if (owner !== undefined && !/^\s*[+-]?\d*$/.test(owner)) {
    throw new CommandError('--owner requires an unsigned integer argument');
  }
  const rootref = options.text('rootref');
  const how = {
    ...(owner === undefined ? {} : { owner: Number(owner) >>> 0 }),
    ...(rootref === undefined ? {} : { rootref }),
  };
  await withBroker(async (flux) => {
    for (const name of options.words) {
      await kvsCreateNamespace(flux, name, how).catch((error: unknown) => failureWithText(name, error));
    }
  });
}

async function remove(words: readonly string[]): Promise<void> {
  const options = parseCOptions(syntaxOf('remove', 'Remove a KVS namespace'), words);
  if (options.words.length === 0) options.failWithUsage();
  await withBroker(async (flux) => {
    for (const name of options.words) {
      await kvsRemoveNamespace(flux, name).catch((error: unknown) => failureOf(name, error));
    }
  });
}

async function list(words: readonly string[]): Promise<void> {
  const options = parseCOptions(syntaxOf('list', 'List namespaces on local rank'), words);
  if (options.words.length > 0) options.failWithUsage();
  await withBroker(async (flux) => {
    const namespaces = await kvsNamespaces(flux).catch((error: unknown) => failureOf('flux_rpc_get_unpack', error));
    const rows = namespaces.map(({ namespace, owner, flags }) => {
      const hex = flags.toString(16).toUpperCase().padStart(8, '0');
      return `${namespace.padEnd(36)} ${String(owner).padStart(10)} 0x${hex}`;
    });
    process.stdout.write(`${['NAMESPACE                                 OWNER      FLAGS', ...rows].join('\n')}\n`);
  });
}
