/** `flux R encode`: makes a resource set from ranks, hosts, cores and properties. */
import { availableParallelism, hostname } from 'node:os';
import { Idset, parseHostlist, ResourceSet } from '@ebb/flux-formats';
import { CommandError } from '../command-module.ts';
import { pythonJson } from '../formats/python-json.ts';
import { parser } from '../parser.ts';

export async function run(words: string[]): Promise<number> {
  const [name, ...rest] = words;
  if (name !== 'encode') throw new CommandError(`${name ?? ''}: no such subcommand; there is encode`);
  const program = parser('R encode', 'Make R')
    .option('-r, --ranks <idset>', 'ranks (default: as many as there are hosts)')
    .option('-H, --hosts <hostlist>', 'hosts (default: this host)')
    .option('-c, --cores <idset>', 'core ids of each rank')
    .option('-g, --gpus <idset>', 'GPU ids of each rank')
    .option('-l, --local', 'cores of this machine');
  program.parse(rest, { from: 'user' });
  const options = program.opts<{ ranks?: string; hosts?: string; cores?: string; gpus?: string; local?: boolean }>();
  const cores = options.cores
    ? Idset.parse(options.cores)
    : Idset.range(0, options.local ? availableParallelism() - 1 : 0);
  const gpus = options.gpus ? Idset.parse(options.gpus) : Idset.empty;
  const hosts = parseHostlist(options.hosts ?? hostname());
  const ranks = options.ranks ? Idset.parse(options.ranks) : Idset.range(0, hosts.length - 1);
  if (ranks.size !== hosts.length && options.hosts)
    throw new CommandError(`${hosts.length} hosts for ${ranks.size} ranks`);
  process.stdout.write(`${pythonJson(ResourceSet.ofHosts(hosts, cores, gpus, ranks.first() ?? 0).toJSON())}\n`);
  return 0;
}
