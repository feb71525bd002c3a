/** What a soak costs at moments when nothing is there, and whether that grows. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openFiles, type Process, residentMiB } from './processes.ts';

export interface Measured {
  readonly operatorMiB: number;
  readonly operatorFiles: number;
  /** Of this process, in which the embedded cluster or the node agent of the real one runs: what is still in use. */
  readonly ownMiB: number;
  readonly ownFiles: number;
  /** Open at the API server, whoever's they are. */
  readonly watches: number;
  /** Commands of the processes that were not there before the first MiniCluster. */
  readonly leftoverProcesses: readonly string[];
  /** Objects, mounts, links and control groups that were not there before the first MiniCluster. */
  readonly leftover: readonly string[];
}

export interface Sample extends Measured {
  /** Which of the operator's processes it was. */
  readonly life: number;
  /** Since the beginning of the soak. */
  readonly minutes: number;
}

/** Beyond these it is a leak: a heap may fill its share of the machine first. */
const allowedMiB = 48;
const allowedOwnMiB = 24;
/** So long the embedded API server remembers what was; before that time what it holds still grows. */
const remembersMinutes = 10;
const allowedFiles = 8;
const allowedWatches = 2;
/** Samples of one operator: fewer tell nothing of growth. */
const enough = 4;
const endWithinMs = 60_000;

export interface Looks {
  processes(): readonly Process[];
  /** Everything else that can be left over, by name. */
  traces(): Promise<readonly string[]>;
  watches(): Promise<number>;
}

/** What there is when there is no MiniCluster. */
export interface Empty {
  /** Commands of its processes. */
  readonly commands: readonly string[];
  readonly traces: readonly string[];
}

export async function emptyOf(looks: Looks): Promise<Empty> {
  return { commands: commandsOf(looks), traces: await looks.traces() };
}

/** What is there now, once what is on its way out has gone, or has had its time. */
export async function sampleOf(operator: number, looks: Looks, empty: Empty): Promise<Measured> {
  const deadline = Date.now() + endWithinMs;
  for (;;) {
    const leftoverProcesses = without(commandsOf(looks), empty.commands);
    const leftover = without(await looks.traces(), empty.traces);
    if (leftoverProcesses.length + leftover.length > 0 && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      continue;
    }
    return {
      operatorMiB: Math.round(residentMiB(operator)),
      operatorFiles: openFiles(operator),
      ownMiB: usedMiB(),
      ownFiles: openFiles(process.pid),
      watches: await looks.watches(),
      leftoverProcesses,
      leftover,
    };
  }
}

function commandsOf(looks: Looks): string[] {
  return looks.processes().map(({ command }) => command);
}

/** Names may stand for several: each takes one away. */
function without(there: readonly string[], before: readonly string[]): string[] {
  const left = [...there];
  for (const each of before) {
    const at = left.indexOf(each);
    if (at >= 0) left.splice(at, 1);
  }
  return left;
}

/** Whether there are enough samples to tell. */
export function tellsGrowth(samples: readonly Sample[]): boolean {
  return samples.filter(({ life }) => life === samples.at(-1)?.life).length >= enough;
}

type Amount = 'operatorMiB' | 'operatorFiles' | 'ownMiB' | 'ownFiles' | 'watches';

/** @returns what grew, of the operator's last life and of this process */
export function growth(samples: readonly Sample[]): string[] {
  const lastLife = samples.filter(({ life }) => life === samples.at(-1)?.life);
  const grown = (of: readonly Sample[], field: Amount, by: number) => {
    // What comes first warms up, and fills what is remembered for a while.
    const third = Math.floor(of.length / 3);
    if (third === 0) return [];
    const numbers = of.slice(-2 * third).map((sample) => sample[field]);
    const [early, late] = [median(numbers.slice(0, third)), median(numbers.slice(-third))];
    return late > early + by ? [`${field} went from ${early} to ${late}`] : [];
  };
  return [
    ...grown(lastLife, 'operatorMiB', allowedMiB),
    ...grown(lastLife, 'operatorFiles', allowedFiles),
    ...grown(
      samples.filter(({ minutes }) => minutes > remembersMinutes),
      'ownMiB',
      allowedOwnMiB,
    ),
    ...grown(samples, 'ownFiles', allowedFiles),
    ...grown(samples, 'watches', allowedWatches),
  ];
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

/** Held by this process once nothing is left to collect: unlike what the system gave it, this does not warm up. */
function usedMiB(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return Math.round((heapUsed + external) / 2 ** 20);
}
