// Brings the jobs of an earlier run of the instance back from their eventlogs in the KVS.
import { FluxError, JobState } from '@ebb/flux-client';
import { type Jobspec, parseEventlog, printFluid } from '@ebb/flux-formats';
import { LogLevel } from '../module.ts';
import { Job, JobFlag } from './job.ts';
import type { JobManager } from './manager.ts';

const readDirectory = 1;
const levels = 4;

/** Jobs that were pending are pending again; those that ran are given to the execution service to find. */
export async function restoreJobs(manager: JobManager): Promise<void> {
  const ids = await jobIds(manager, 'job', '', 0);
  for (const id of ids.sort((a, b) => (a < b ? -1 : 1))) {
    // Also what cannot be restored has used its id.
    if (id > manager.largestId) manager.largestId = id;
    try {
      manager.add(await restoreJob(manager, id));
    } catch (error) {
      manager.context.log(LogLevel.err, `job ${printFluid(id)} could not be restored: ${(error as Error).message}`);
    }
  }
  for (const job of manager.active) {
    if (job.state === JobState.Sched) manager.record(job, 'flux-restart');
    if (job.state !== JobState.Run) continue;
    job.reattach = job.hasStarted;
    if (job.flags & JobFlag.debug) manager.record(job, 'debug.exec-reattach-start', { id: printFluid(job.id) });
  }
}

async function restoreJob(manager: JobManager, id: bigint): Promise<Job> {
  const key = printFluid(id, 'kvs');
  const job = new Job(id);
  const text = await manager.readText(`${key}.eventlog`);
  const entries = parseEventlog(text);
  job.jobspec = (await manager.readKvs(`${key}.jobspec`)) as Jobspec;
  if (entries.some(({ name }) => name === 'alloc')) job.R = await manager.readR(id);
  for (const entry of entries) {
    job.apply(entry);
    job.events.push(entry);
  }
  return job;
}

/** `job.AAAA.BBBB.CCCC.DDDD` for each job. */
async function jobIds(manager: JobManager, key: string, digits: string, level: number): Promise<bigint[]> {
  if (level === levels) return [BigInt(`0x${digits}`)];
  const names = await directory(manager, key);
  const found = await Promise.all(names.map((name) => jobIds(manager, `${key}.${name}`, digits + name, level + 1)));
  return found.flat();
}

async function directory(manager: JobManager, key: string): Promise<string[]> {
  try {
    const { val } = await manager.context.flux.rpc<{ val: { data: Record<string, unknown> } }>('kvs.lookup', {
      key,
      namespace: 'primary',
      flags: readDirectory,
    });
    return Object.keys(val.data).filter((name) => /^[0-9a-f]{4}$/.test(name));
  } catch (error) {
    if (error instanceof FluxError && error.code === 'ENOENT') return [];
    throw error;
  }
}
