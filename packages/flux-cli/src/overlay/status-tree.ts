/** Walks the tree of brokers from the health that each tells of its children, and prints what was asked for. */
import { type Flux, FluxError } from '@ebb/flux-client';
import { type Idset, printDuration } from '@ebb/flux-formats';
import { CommandError } from '../command-module.ts';
import { fetchHealth, type Health } from './health.ts';
import type { HostMap } from './host-map.ts';
import { ranksOf, subtree, type Topology } from './topology.ts';

export interface StatusView {
  /** `all` brokers, only those of subtrees that are not full, or the root alone without its name. */
  readonly shows: 'all' | 'down' | 'summary';
  readonly verbose: number;
  readonly timeoutMs: number | undefined;
  readonly wait: string | undefined;
  readonly pretty: boolean;
  /** What is behind a broker that is gone is shown as it. */
  readonly ghosts: boolean;
  readonly colors: boolean;
  readonly highlight: Idset;
}

interface Node {
  readonly rank: number;
  readonly status: string;
  /** Seconds; undefined: not known. */
  readonly duration?: number;
  readonly error?: string | undefined;
  readonly ghost: boolean;
  /** It answered itself. */
  readonly answered: boolean;
}

/** Where a line stands in the drawing: what its ancestors draw before it, and whether it is the last of its parent. */
interface Place {
  readonly level: number;
  readonly indent: string;
  readonly connector: string;
}

const root: Place = { level: 0, indent: '', connector: '' };

export class StatusTree {
  readonly #flux: Flux;
  readonly #hosts: HostMap;
  readonly #topology: Topology;
  readonly #view: StatusView;
  readonly #write: (line: string) => void;
  #asked = 0;

  constructor(
    flux: Flux,
    { hosts, topology, view }: { hosts: HostMap; topology: Topology; view: StatusView },
    write: (line: string) => void,
  ) {
    this.#flux = flux;
    this.#hosts = hosts;
    this.#topology = topology;
    this.#view = view;
    this.#write = write;
  }

  /** @throws CommandError when the broker of `rank` does not answer */
  async walk(rank: number): Promise<void> {
    await this.#walk(rank, root);
  }

  /** @returns whether the broker answered */
  async #walk(rank: number, place: Place): Promise<boolean> {
    const { timeoutMs, wait } = this.#view;
    this.#asked = performance.now();
    let health: Health;
    try {
      health = await fetchHealth(this.#flux, rank, timeoutMs, wait);
    } catch (error) {
      if (!(error instanceof FluxError)) throw error;
      if (place.level === 0) throw new CommandError(error.message);
      this.#write(`${this.#drawing(place)}${this.#name(rank)}: ${error.message}${this.#roundTrip()}`);
      return false;
    }
    const { status, duration, children } = health;
    if (!this.#visit({ rank: health.rank, status, duration, ghost: false, answered: true }, place)) return true;
    for (const [at, child] of children.entries()) {
      const below = under(place, at === children.length - 1);
      if (!this.#visit({ ...child, ghost: false, answered: false }, below)) continue;
      const isGone = child.status === 'offline' || child.status === 'lost';
      if (isGone || !(await this.#walk(child.rank, below))) this.#ghosts(child.rank, child.status, below);
    }
    return true;
  }

  #ghosts(rank: number, status: string, place: Place): void {
    if (!this.#view.ghosts) return;
    const { children = [] } = subtree(this.#topology, rank) ?? {};
    for (const [at, child] of children.entries()) {
      const below = under(place, at === children.length - 1);
      const node = { rank: child.rank, status, ghost: true, answered: false };
      if (this.#visit(node, below)) this.#ghosts(child.rank, status, below);
    }
  }

  /** Prints what is to be seen of a broker. @returns whether to look at its children */
  #visit(node: Node, place: Place): boolean {
    const { shows, verbose } = this.#view;
    const tail = `${this.#status(node)}${this.#since(node)}`;
    const time = node.answered ? this.#roundTrip() : '';
    if (shows === 'summary') {
      this.#write(`${place.indent}${place.connector}${tail}${time}`);
      return false;
    }
    if (shows === 'down' && node.status === 'full') return false;
    const isLeaf = (subtree(this.#topology, node.rank)?.children.length ?? 0) === 0;
    const isGone = node.status === 'lost' || node.status === 'offline';
    if (node.answered || isGone || (isLeaf && verbose < 2)) {
      const error = node.error ? ` ${node.error}` : '';
      this.#write(`${this.#drawing(place)}${this.#name(node.rank)}: ${tail}${error}${time}`);
    }
    return !isLeaf || verbose >= 2;
  }

  #drawing({ indent, connector }: Place): string {
    return this.#view.pretty ? indent + connector : '';
  }

  #name(rank: number): string {
    const name = `${rank} ${this.#hosts.host(rank)}`;
    const below = subtree(this.#topology, rank);
    const { highlight, colors } = this.#view;
    if (!below || ranksOf(below).intersect(highlight).size === 0) return name;
    return colors ? `\x1b[01;34m${name}\x1b[0m` : `<<${name}>>`;
  }

  #status({ status, ghost }: Node): string {
    if (!this.#view.colors) return status;
    if (ghost) return `\x1b[90m${status}\x1b[39m`;
    if (status === 'lost') return `\x1b[31m${status}\x1b[39m`;
    return status === 'offline' ? `\x1b[33m${status}\x1b[39m` : status;
  }

  #since({ duration = 0 }: Node): string {
    return this.#view.verbose < 1 || duration <= 0 ? '' : ` for ${printDuration(duration)}`;
  }

  #roundTrip(): string {
    return this.#view.verbose < 2 ? '' : ` (${(performance.now() - this.#asked).toFixed(3)} ms)`;
  }
}

/** Of a child. */
function under({ level, indent, connector }: Place, isLast: boolean): Place {
  const passing = { '├─ ': '│  ', '└─ ': '   ' }[connector] ?? '';
  return { level: level + 1, indent: indent + passing, connector: isLast ? '└─ ' : '├─ ' };
}
