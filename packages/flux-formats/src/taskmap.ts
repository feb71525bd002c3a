/**
 * Taskmaps, RFC 34: which tasks run on which node. A block says: from node `first`, on each of `nodes` nodes, `tasks` tasks,
 * this `repeat` times.
 */
import { FormatError } from './format-error.ts';
import { Idset } from './idset.ts';
import { parseJson } from './json.ts';

export interface TaskmapBlock {
  readonly first: number;
  readonly nodes: number;
  readonly tasks: number;
  readonly repeat: number;
}

const mostTasks = 1 << 26;

export class Taskmap {
  readonly blocks: readonly TaskmapBlock[];
  readonly taskCount: number;

  constructor(blocks: readonly TaskmapBlock[]) {
    this.blocks = blocks;
    this.taskCount = blocks.reduce((sum, { nodes, tasks, repeat }) => sum + nodes * tasks * repeat, 0);
  }

  /**
   * `[[0,4,2,1]]`, as text or parsed, or wrapped in `{version: 1, map}`.
   * @throws FormatError naming the block
   */
  static parse(value: unknown): Taskmap {
    const object = typeof value === 'string' ? parseText(value) : value;
    const map = Array.isArray(object) ? object : versionOne(object);
    const blocks = map.map((block, index): TaskmapBlock => {
      const [first, nodes, tasks, repeat, ...more] = Array.isArray(block) ? (block as number[]) : [];
      const isBlock =
        [first, nodes, tasks, repeat].every((number) => Number.isInteger(number) && number! >= 0) &&
        nodes! > 0 &&
        tasks! > 0 &&
        repeat! > 0 &&
        more.length === 0;
      if (!isBlock) throw FormatError.at('taskmap', `[${index}]`, 'must be [nodeid, nnodes, ppn, repeat]', block);
      return { first: first!, nodes: nodes!, tasks: tasks!, repeat: repeat! };
    });
    const taskmap = new Taskmap(blocks);
    if (taskmap.taskCount > mostTasks) throw FormatError.at('taskmap', 'the map', `has more than ${mostTasks} tasks`);
    return taskmap;
  }

  /** Of the node of each task, in order of tasks. */
  static ofNodes(nodeOfTask: Iterable<number>): Taskmap {
    const blocks: TaskmapBlock[] = [];
    for (const node of nodeOfTask) append(blocks, { first: node, nodes: 1, tasks: 1, repeat: 1 });
    return new Taskmap(compact(blocks));
  }

  /** Consecutive tasks on each node: so many on node 0, on node 1, and so on. */
  static ofCounts(tasksOfNode: readonly number[]): Taskmap {
    const blocks: TaskmapBlock[] = [];
    tasksOfNode.forEach((tasks, first) => {
      if (tasks > 0) append(blocks, { first, nodes: 1, tasks, repeat: 1 });
    });
    return new Taskmap(compact(blocks));
  }

  get nodeCount(): number {
    return this.blocks.reduce((most, { first, nodes }) => Math.max(most, first + nodes), 0);
  }

  /** The tasks of a node. */
  tasksOf(node: number): Idset {
    const ids: number[] = [];
    let task = 0;
    for (const { first, nodes, tasks, repeat } of this.blocks) {
      for (let round = 0; round < repeat; round++) {
        if (node >= first && node < first + nodes) {
          for (let i = 0; i < tasks; i++) ids.push(task + (node - first) * tasks + i);
        }
        task += nodes * tasks;
      }
    }
    return Idset.of(ids);
  }

  /** The node of a task; undefined when there is no such task. */
  nodeOf(task: number): number | undefined {
    let start = 0;
    for (const { first, nodes, tasks, repeat } of this.blocks) {
      const size = nodes * tasks * repeat;
      if (task >= start && task < start + size) return first + Math.floor(((task - start) % (nodes * tasks)) / tasks);
      start += size;
    }
    return undefined;
  }

  toJSON(): number[][] {
    return this.blocks.map(({ first, nodes, tasks, repeat }) => [first, nodes, tasks, repeat]);
  }

  /** `[[0,4,2,1]]` */
  toString(): string {
    return JSON.stringify(this);
  }

  /** The tasks of each node with semicolons between: `0-1;2-3`. */
  toRawString(): string {
    return Array.from({ length: this.nodeCount }, (_, node) => this.tasksOf(node).toString()).join(';');
  }

  /** The form of PMI's `PMI_process_mapping`: `(vector,(0,4,2))`. */
  toPmiString(): string {
    if (this.blocks.length === 0) return '';
    const parts = this.blocks.flatMap(({ first, nodes, tasks, repeat }) =>
      Array.from({ length: repeat }, () => `(${first},${nodes},${tasks})`),
    );
    return `(vector,${parts.join(',')})`;
  }
}

function parseText(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    throw new FormatError('taskmap', text, 'is not JSON');
  }
}

function versionOne(value: unknown): unknown[] {
  const { version, map } = (value ?? {}) as Record<string, unknown>;
  if (version !== 1) throw FormatError.at('taskmap', 'version', 'must be 1', version);
  if (!Array.isArray(map)) throw FormatError.at('taskmap', 'map', 'must be an array', map);
  return map;
}

// Joins a block to the one before where the two together are one.
function append(blocks: TaskmapBlock[], next: TaskmapBlock): void {
  const last = blocks.at(-1);
  if (!last) blocks.push(next);
  else if (last.first === next.first && last.nodes === 1 && last.repeat === 1) {
    blocks[blocks.length - 1] = { ...last, tasks: last.tasks + next.tasks };
  } else blocks.push(next);
}

// First nodes that follow one another with equal tasks, then repeats.
function compact(blocks: readonly TaskmapBlock[]): TaskmapBlock[] {
  const wide: TaskmapBlock[] = [];
  for (const block of blocks) {
    const last = wide.at(-1);
    if (last && block.first === last.first + last.nodes && block.tasks === last.tasks && last.repeat === 1) {
      wide[wide.length - 1] = { ...last, nodes: last.nodes + block.nodes };
    } else wide.push(block);
  }
  const repeated: TaskmapBlock[] = [];
  for (const block of wide) {
    const last = repeated.at(-1);
    if (last && last.first === block.first && last.nodes === block.nodes && last.tasks === block.tasks) {
      repeated[repeated.length - 1] = { ...last, repeat: last.repeat + block.repeat };
    } else repeated.push(block);
  }
  return repeated;
}
