/** `flux resource status`: nodes by administrative state. */
import type { Flux } from '@ebb/flux-client';
import { Idset, printHostlist, ResourceSet } from '@ebb/flux-formats';
import { CommandError } from '../../command-module.ts';
import { printTable } from '../../formats/print-table.ts';
import { withFlux } from '../../jobs/job-ids.ts';
import { type PythonSyntax, parsePythonOptions } from '../../options/python-options.ts';
import { formatOption, includeOption, noHeaderOption, queueOption, selectedRanks } from './selection.ts';

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

const syntax: PythonSyntax = {
  program: 'flux-resource status',
  options: [
    formatOption,
    { flags: ['-s', '--states'], takes: 'one', shown: 'STATE,...', help: 'Output resources in given states' },
    includeOption,
    queueOption,
    noHeaderOption,
    { flags: ['--skip-empty'], takes: 'flag', help: 'Skip empty lines of output even with --states' },
  ],
};

export async function run(words: readonly string[]): Promise<number> {
  const { values } = parsePythonOptions(syntax, words);
  process.stdout.write(await withFlux((flux) => status(flux, values)));
  return 0;
}

async function status(flux: Flux, values: Readonly<Record<string, unknown>>): Promise<string> {
  const [reply, allocated] = await Promise.all([
    flux.rpc<Status>('resource.status', undefined, { nodeid: 0 }),
    flux.rpc<{ allocated: unknown }>('resource.sched-status', undefined, { nodeid: 0 }).then(
      (sets) => ResourceSet.parse(sets.allocated).ranks,
      () => Idset.empty,
    ),
  ]);
  const resources = ResourceSet.parse(reply.R);
  const chosen = await selectedRanks(flux, resources, values);
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
  const wanted = (values['states'] as string | undefined)?.split(',') ?? [
    'avail',
    'exclude',
    'draining',
    'drained',
    'torpid',
  ];
  const rows: Record<string, unknown>[] = [];
  for (const state of wanted) {
    const all = sets[state];
    if (!all) throw new CommandError(`Invalid resource state ${state} specified`);
    const ranks = chosen ? all.intersect(chosen) : all;
    for (const [up, some] of [
      ['✔', ranks.subtract(offline)],
      ['✗', ranks.intersect(offline)],
    ] as const) {
      const shownEmpty = values['states'] !== undefined && !values['skip-empty'] && up === '✔';
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
  const asked = values['format'] as string;
  const format = asked === 'default' ? defaultFormat : asked;
  return printTable(
    rows.map((row) => (field) => row[field]),
    { format, headings, header: !values['no-header'] },
  );
}
