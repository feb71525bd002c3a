/** How many jobs are pending, running and done, of an instance or of some of its queues. */
import type { Flux } from '@ebb/flux-client';
import { CommandError } from '../command-module.ts';

interface Counts {
  readonly name?: string;
  readonly job_states: Readonly<Record<string, number>>;
  readonly successful: number;
  readonly failed: number;
  readonly canceled: number;
  readonly timeout: number;
  readonly inactive_purged: number;
}

export interface JobStatistics {
  readonly pending: number;
  readonly running: number;
  readonly active: number;
  readonly inactive: number;
  readonly total: number;
  readonly successful: number;
  /** All that did not end well: canceled and timed out ones too. */
  readonly failed: number;
  readonly inactivePurged: number;
}

/** @throws CommandError for a queue that there is not */
export async function jobStatistics(flux: Flux, queues: readonly string[] = []): Promise<JobStatistics> {
  const answer = await flux.rpc<Counts & { queues?: Counts[] }>('job-list.job-stats', {});
  if (queues.length === 0) return summed([answer]);
  return summed(
    queues.map((queue) => {
      const counts = answer.queues?.find(({ name }) => name === queue);
      if (!counts) throw new CommandError(`error retrieving job stats: no stats available for queue ${queue}`);
      return counts;
    }),
  );
}

function summed(all: readonly Counts[]): JobStatistics {
  const states = (...names: string[]) =>
    all.reduce((sum, { job_states }) => names.reduce((part, name) => part + (job_states[name] ?? 0), sum), 0);
  const of = (...names: ('successful' | 'failed' | 'canceled' | 'timeout' | 'inactive_purged')[]) =>
    all.reduce((sum, counts) => names.reduce((part, name) => part + (counts[name] ?? 0), sum), 0);
  return {
    pending: states('depend', 'priority', 'sched'),
    running: states('run', 'cleanup'),
    active: states('total') - states('inactive'),
    inactive: states('inactive'),
    total: states('total'),
    successful: of('successful'),
    failed: of('failed', 'timeout', 'canceled'),
    inactivePurged: of('inactive_purged'),
  };
}

/** One line, with the purged ones or without. */
export function printStatistics(counts: JobStatistics, withPurged: boolean): string {
  const { running, successful, failed, pending, inactivePurged } = counts;
  const purged = withPurged ? `, ${inactivePurged} inactive purged` : '';
  return `${running} running, ${successful} completed, ${failed} failed, ${pending} pending${purged}\n`;
}
