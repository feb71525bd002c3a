/** `flux module list`. */
import { type CSyntax, parseCOptions } from '../../options/c-options.ts';
import { failureOf, withBroker } from '../../with-broker.ts';

const syntax: CSyntax = {
  program: 'flux-module list',
  usage: '[OPTIONS]',
  description: 'List loaded modules',
  options: [{ name: 'long', key: 'l', help: 'Include full DSO path for each module' }],
};

/** One module as `module.list` answers it. */
export interface ModuleRow {
  readonly name: string;
  readonly path: string;
  /** Seconds since it was last sent something. */
  readonly idle: number;
  readonly status: number;
  readonly services: readonly string[];
  readonly sendqueue?: number;
  readonly recvqueue?: number;
}

export async function run(words: readonly string[]): Promise<void> {
  const options = parseCOptions(syntax, words);
  if (options.words.length > 0) options.failWithUsage();
  const long = options.has('long');
  await withBroker(async (flux) => {
    const { mods } = await flux
      .rpc<{ mods: ModuleRow[] }>('module.list')
      .catch((error: unknown) => failureOf('list', error));
    const header = `${'Module'.padEnd(25)} Idle  S Sendq Recvq ${long ? 'Service  Path' : 'Service'}`;
    process.stdout.write(`${[header, ...mods.map((row) => moduleLine(row, long))].join('\n')}\n`);
  });
}

/** A line of the table. */
export function moduleLine(row: ModuleRow, long: boolean): string {
  const { name, path, idle, status, services, sendqueue = 0, recvqueue = 0 } = row;
  const others = services.filter((service) => service !== name).join(',');
  const figures = [
    name.slice(0, 25).padEnd(25),
    (idle > 99 ? 'idle' : String(idle)).padStart(4),
    ` ${'IRFX'[status] ?? '?'}`,
    String(sendqueue).padStart(5),
    String(recvqueue).padStart(5),
  ];
  const shown = long ? `${cut(others, 8).padEnd(8)} ${path}` : others;
  return `${figures.join(' ')} ${shown}`;
}

function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}+` : text;
}
