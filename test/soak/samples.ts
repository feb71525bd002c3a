/** What a soak costs at moments when nothing is there, and whether that grows. */
import { readFileSync } from 'node:fs';
import { openFiles, type Process } from './processes.ts';

export interface Measured {
  readonly operatorMiB: number;
  readonly operatorFiles: number;
  /** Of this process, in which the embedded cluster or the node agent of the real one runs. */
  readonly ownMiB: number;
  readonly ownFiles: number;
  /** Commands of the processes that were not there before the first MiniCluster. */
  readonly leftover: readonly string[];
}

export interface Sample extends Measured {
  /** Which of the operator's processes it was. */
  readonly life: number;
}

/** Beyond these it is a leak: a heap may fill its share of the machine first. */
const allowedMiB = 96;
const allowedFiles = 8;
const endWithinMs = 30_000;

/**
 * @param processes of the soak now
 * @param without how many there are when there is no MiniCluster
 */
export async function sampleOf(
  operator: number,
  processes: () => readonly Process[],
  without: number,
): Promise<Measured> {
  const deadline = Date.now() + endWithinMs;
  while (processes().length > without && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 200));
  const there = processes();
  return {
    operatorMiB: residentMiB(operator),
    operatorFiles: openFiles(operator),
    ownMiB: residentMiB(process.pid),
    ownFiles: openFiles(process.pid),
    leftover: there.length > without ? there.slice(without - there.length).map(({ command }) => command) : [],
  };
}

/** @returns what grew, of the operator's last life and of this process */
export function growth(samples: readonly Sample[]): string[] {
  const lastLife = samples.filter(({ life }) => life === samples.at(-1)?.life);
  const grown = (of: readonly Sample[], field: 'operatorMiB' | 'operatorFiles' | 'ownMiB' | 'ownFiles', by: number) => {
    // What comes first warms up.
    const numbers = of.slice(1).map((sample) => sample[field]);
    const third = Math.floor(numbers.length / 3);
    if (third === 0) return [];
    const [early, late] = [median(numbers.slice(0, third)), median(numbers.slice(-third))];
    return late > early + by ? [`${field} went from ${early} to ${late}`] : [];
  };
  return [
    ...grown(lastLife, 'operatorMiB', allowedMiB),
    ...grown(lastLife, 'operatorFiles', allowedFiles),
    ...grown(samples, 'ownMiB', allowedMiB * 2),
    ...grown(samples, 'ownFiles', allowedFiles),
  ];
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

function residentMiB(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024);
}
