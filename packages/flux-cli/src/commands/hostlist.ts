/** `flux hostlist`: joins, parts, sorts and counts lists of hosts. */
import { FormatError, parseHostlist, printHostlist } from '@ebb/flux-formats';
import { CommandError, CommandExit } from '../command-module.ts';
import { compareHosts } from '../hostlist/host-order.ts';
import { intersection, minus, symmetricDifference, unique, without } from '../hostlist/host-sets.ts';
import { Sources } from '../hostlist/sources.ts';
import { tryIdset } from '../hostlist/try-idset.ts';
import { pythonUsage } from '../options/python-help.ts';
import { parsePythonOptions } from '../options/python-options.ts';
import type { PythonSyntax } from '../options/python-syntax.ts';

const syntax: PythonSyntax = {
  program: 'flux-hostlist',
  usage: [
    'flux-hostlist [-h] [-e] [-d S] [-c] [-n [-]IDS] [-F HOSTS] [-L N] [-S]',
    '[-x IDS|HOSTS] [-u] [-i | -m | -X] [-f] [-l] [-q]',
    '[SOURCES ...]',
  ].join(`\n${' '.repeat('usage: flux-hostlist '.length)}`),
  options: [
    {
      flags: ['-e', '--expand'],
      takes: 'flag',
      excludes: 'output',
      help: 'Expand hostlist using defined output delimiter',
    },
    {
      flags: ['-d', '--delimiter'],
      takes: 'one',
      shown: 'S',
      default: ' ',
      help: "Set output delimiter for expanded hostlist (default=' ')",
    },
    { flags: ['-c', '--count'], takes: 'flag', excludes: 'output', help: 'Print the total number of hosts' },
    {
      flags: ['-n', '--nth'],
      takes: 'one',
      shown: '[-]IDS',
      help: 'Output hosts at indices in idset IDS (-IDS to index from end)',
    },
    {
      flags: ['-F', '--find'],
      takes: 'one',
      shown: 'HOSTS',
      help: 'Output indices of HOSTS in target in hostlist. Fails if any host is not found.',
    },
    {
      flags: ['-L', '--limit'],
      takes: 'one',
      type: 'int',
      shown: 'N',
      help: 'Output at most N hosts (-N for the last N hosts)',
    },
    { flags: ['-S', '--sort'], takes: 'flag', help: 'Return sorted result' },
    {
      flags: ['-x', '--exclude'],
      takes: 'one',
      shown: 'IDS|HOSTS',
      help: 'Exclude all occurrences of HOSTS or indices from final result',
    },
    {
      flags: ['-u', '--union', '--unique'],
      key: 'union',
      takes: 'flag',
      help:
        'Return only unique hosts in the final hostlist. Without other options, this is the same as the union of all ' +
        'hostlist args (default mode is append).',
    },
    { flags: ['-i', '--intersect'], takes: 'flag', excludes: 'mode', help: 'Return the intersection of all hostlists' },
    {
      flags: ['-m', '--minus'],
      takes: 'flag',
      excludes: 'mode',
      help: 'Subtract all hostlist args from first argument',
    },
    {
      flags: ['-X', '--xor'],
      takes: 'flag',
      excludes: 'mode',
      help: 'Return the symmetric difference of all hostlists',
    },
    {
      flags: ['-f', '--fallback'],
      takes: 'flag',
      help:
        'Fallback to treating jobids that are not found as hostnames (for hostnames that are also valid jobids e.g. ' +
        'f1, fuzz100, etc)',
    },
    { flags: ['-l', '--local'], takes: 'flag', help: "Set the default source to 'local' instead of 'stdin'" },
    { flags: ['-q', '--quiet'], takes: 'flag', help: 'No output. Exit with nonzero exit status if hostlist is empty' },
  ],
  positionals: [{ name: 'sources', shown: 'SOURCES', takes: 'any', help: '(optional) One or more hostlist sources' }],
  rawEpilog: `SOURCES may include:
instance     hosts from the broker 'hostlist' attribute.
jobid        hosts assigned to a job
local        hosts assigned to current job if FLUX_JOB_ID is set, otherwise
             returns the 'instance' hostlist
avail[able]  instance hostlist minus those nodes down or drained
stdin, '-'   read a list of hosts on stdin
hosts        literal list of hosts

The default when no SOURCES are supplied is 'stdin', unless the -l, --local
option is used, in which case the default is 'local'.`,
};

interface Values {
  readonly expand?: boolean;
  readonly delimiter: string;
  readonly count?: boolean;
  readonly nth?: string;
  readonly find?: string;
  readonly limit?: number;
  readonly sort?: boolean;
  readonly exclude?: string;
  readonly union?: boolean;
  readonly intersect?: boolean;
  readonly minus?: boolean;
  readonly xor?: boolean;
  readonly fallback?: boolean;
  readonly local?: boolean;
  readonly quiet?: boolean;
}

export async function run(words: string[]): Promise<number> {
  const parsed = parsePythonOptions(syntax, words);
  const values = parsed.values as unknown as Values;
  const excluded = values.exclude === undefined ? undefined : excludedHosts(values.exclude);
  const byDefault = values.local ? 'local' : 'stdin';
  const lists = await hostsOf(parsed.words.length > 0 ? parsed.words : [byDefault], values.fallback ?? false);
  let hosts = combined(lists, values);
  if (excluded) hosts = excludeFrom(hosts, excluded, values.exclude!);
  if (values.sort) hosts = hosts.toSorted(compareHosts);
  if (values.union) hosts = unique(hosts);
  if (values.limit) hosts = values.limit > 0 ? hosts.slice(0, values.limit) : hosts.slice(values.limit);
  if (values.nth !== undefined) hosts = chosen(hosts, values.nth);
  const text = shown(hosts, values);
  if (values.quiet) return hosts.length > 0 ? 0 : 1;
  if (text !== undefined) process.stdout.write(`${text}\n`);
  return 0;
}

async function hostsOf(names: readonly string[], fallsBack: boolean): Promise<string[][]> {
  const sources = new Sources({ fallsBack });
  try {
    const lists: string[][] = [];
    for (const name of names) lists.push(await sources.hosts(name));
    return lists;
  } finally {
    await sources.close();
  }
}

function combined(lists: readonly string[][], values: Values): string[] {
  const [first = [], ...others] = lists;
  if (values.intersect) return others.reduce(intersection, first);
  if (values.xor) return others.reduce(symmetricDifference, first);
  if (values.minus) return others.reduce(minus, first);
  return lists.flat();
}

function excludedHosts(text: string): string[] {
  try {
    return parseHostlist(text);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const problem = `argument -x/--exclude: invalid Hostlist value: '${text}'`;
    process.stderr.write(`${pythonUsage(syntax)}${syntax.program}: error: ${problem}\n`);
    throw new CommandExit(2);
  }
}

/** What names none of the hosts may be indices. */
function excludeFrom(hosts: readonly string[], names: readonly string[], text: string): string[] {
  const left = without(hosts, names);
  const indices = left.length === hosts.length ? tryIdset(text) : undefined;
  return indices ? hosts.filter((_, at) => !indices.has(at)) : left;
}

function chosen(hosts: readonly string[], text: string): string[] {
  const fromEnd = text.startsWith('-');
  const given = fromEnd ? text.slice(1) : text;
  const ids = tryIdset(given);
  if (!ids) throw new CommandError(`IDset(): Invalid argument: ${given}`);
  const indices = fromEnd ? [...ids].reverse().map((id) => (id === 0 ? 0 : hosts.length - id)) : [...ids];
  return indices.map((at) => {
    const host = hosts[at];
    if (host === undefined) throw new CommandError('Hostlist index out of range');
    return host;
  });
}

function shown(hosts: readonly string[], values: Values): string | undefined {
  if (values.find) {
    const indices = parseHostlist(values.find).map((host) => {
      const at = hosts.indexOf(host);
      if (at < 0) throw new CommandError(`host '${host}' not found`);
      return at;
    });
    return indices.join(' ');
  }
  if (values.count) return String(hosts.length);
  if (hosts.length === 0) return undefined;
  return values.expand ? hosts.join(values.delimiter.replaceAll('\\n', '\n')) : printHostlist(hosts);
}
