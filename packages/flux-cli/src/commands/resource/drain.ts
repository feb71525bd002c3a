/** `flux resource drain [TARGETS [REASON]]`. */
import { connect } from '@ebb/flux-client';
import { Idset, printHostlist, ResourceSet } from '@ebb/flux-formats';
import { printTable } from '../../formats/print-table.ts';
import { parser } from '../../parser.ts';

const headings = {
  timestamp: 'TIME',
  state: 'STATE',
  reason: 'REASON',
  nodelist: 'NODELIST',
  ranks: 'RANKS',
  nnodes: 'NNODES',
};
const format = '{timestamp!d:%b%d %R::<12} {state:<8.8} {reason:<30.30+} {nodelist}';

interface Status {
  readonly R: unknown;
  readonly drain: Record<string, { timestamp: number; reason: string }>;
  readonly offline: string;
}

export async function run(words: string[]): Promise<number> {
  const program = parser('resource drain', 'Drain ranks or hosts, or list those that are')
    .argument('[targets]', 'idset or hostlist')
    .argument('[reason...]')
    .option(
      '-f, --force',
      'also replace the reason of what is drained; twice: its time too',
      (_, times: number) => times + 1,
      0,
    )
    .option('-u, --update', 'pass over what is drained already')
    .option('-o, --format <format>', 'output format of the list', format)
    .option('-n, --no-header', 'without the header line');
  program.parse(words, { from: 'user' });
  const [targets, ...reason] = program.args;
  const options = program.opts<{ force: number; update?: boolean; format: string; header: boolean }>();
  const flux = await connect();
  try {
    if (targets === undefined) {
      const status = await flux.rpc<Status>('resource.status', undefined, { nodeid: 0 });
      process.stdout.write(drainList(status, options));
      return 0;
    }
    const mode = options.update
      ? 'update'
      : options.force > 1
        ? 'force-overwrite'
        : options.force === 1
          ? 'overwrite'
          : undefined;
    await flux.rpc(
      'resource.drain',
      { targets, ...(reason.length > 0 ? { reason: reason.join(' ') } : {}), ...(mode ? { mode } : {}) },
      { nodeid: 0 },
    );
  } finally {
    await flux.close();
  }
  return 0;
}

function drainList(status: Status, options: { format: string; header: boolean }): string {
  const resources = ResourceSet.parse(status.R);
  const offline = Idset.parse(status.offline);
  const rows = Object.entries(status.drain).map(([ids, { timestamp, reason }]) => {
    const ranks = Idset.parse(ids);
    const row: Record<string, unknown> = {
      timestamp,
      state: `drained${ranks.intersect(offline).size > 0 ? '*' : ''}`,
      reason,
      ranks: ids,
      nnodes: ranks.size,
      nodelist: printHostlist([...ranks].map((rank) => resources.host(rank) ?? `rank${rank}`)),
    };
    return (field: string) => row[field];
  });
  return printTable(rows, { format: options.format, headings, header: options.header });
}
