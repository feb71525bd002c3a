/** `flux resource status`: nodes by administrative state. */
import { connect, type Flux } from '@ebb/flux-client';
import { Idset, printHostlist, ResourceSet } from '@ebb/flux-formats';
import { CommandError } from '../../command-module.ts';
import { printTable } from '../../formats/print-table.ts';
import { parser } from '../../parser.ts';

const headings = {
  state: 'STATE',
  up: 'UP',
  color_up: '',
  color_off: '',
  nnodes: 'NNODES',
  nodelist: 'NODELIST',
  ranks: 'RANKS',
  reason: 'REASON',
};
const defaultFormat = '{state:>12}{color_up}{up:>2}{color_off} {nnodes:>6} {nodelist}';

interface Status {
  readonly R: unknown;
  readonly drain: Record<string, { timestamp: number; reason: string }>;
  readonly online: string;
  readonly offline: string;
  readonly exclude: string;
  readonly torpid: string;
}

export async function run(words: string[]): Promise<number> {
  const program = parser('resource status', 'List nodes by administrative state')
    .option('-s, --states <states>', 'states, comma separated')
    .option('-o, --format <format>', 'an output format', defaultFormat)
    .option('-n, --no-header', 'without the header line');
  program.parse(words, { from: 'user' });
  const options = program.opts<{ states?: string; format: string; header: boolean }>();
  const flux = await connect();
  try {
    process.stdout.write(await status(flux, options));
  } finally {
    await flux.close();
  }
  return 0;
}

async function status(flux: Flux, options: { states?: string; format: string; header: boolean }): Promise<string> {
  const [reply, allocated] = await Promise.all([
    flux.rpc<Status>('resource.status', undefined, { nodeid: 0 }),
    flux.rpc<{ allocated: unknown }>('resource.sched-status', undefined, { nodeid: 0 }).then(
      (sets) => ResourceSet.parse(sets.allocated).ranks,
      () => Idset.empty,
    ),
  ]);
  const resources = ResourceSet.parse(reply.R);
  const offline = Idset.parse(reply.offline);
  const torpid = Idset.parse(reply.torpid);
  const exclude = Idset.parse(reply.exclude);
  const drain = Object.keys(reply.drain).reduce((ranks, ids) => ranks.union(Idset.parse(ids)), Idset.empty);
  const sets: Record<string, Idset> = {
    avail: resources.ranks.subtract(exclude).subtract(drain),
    exclude,
    draining: drain.intersect(allocated),
    drained: drain.subtract(allocated),
    torpid,
    all: resources.ranks,
    online: resources.ranks.subtract(offline),
    offline,
    allocated,
    drain,
  };
  const wanted = options.states?.split(',') ?? ['avail', 'exclude', 'draining', 'drained', 'torpid'];
  const rows: Record<string, unknown>[] = [];
  for (const state of wanted) {
    const ranks = sets[state];
    if (!ranks) throw new CommandError(`Invalid resource state ${state} specified`);
    for (const [up, some] of [
      ['✔', ranks.subtract(offline)],
      ['✗', ranks.intersect(offline)],
    ] as const) {
      const shownEmpty = state === 'avail' && up === '✔' && ranks.size === 0;
      if (some.size === 0 && !shownEmpty) continue;
      const nodelist = printHostlist([...some].map((rank) => resources.host(rank) ?? `rank${rank}`));
      rows.push({
        state,
        up,
        color_up: '',
        color_off: '',
        nnodes: some.size,
        nodelist,
        ranks: some.toString(),
        reason: '',
      });
    }
  }
  return printTable(
    rows.map((row) => (field) => row[field]),
    { format: options.format, headings, header: options.header },
  );
}
