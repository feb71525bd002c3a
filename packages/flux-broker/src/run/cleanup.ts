// What rank 0 does before the instance goes down: no new jobs, none started, the running ones ended. The steps carry
// the names of the commands that flux-core runs for them.
import { type Flux, FluxError } from '@ebb/flux-client';
import { LogLevel } from '../module.ts';

interface Step {
  command: string;
  topic: string;
  payload: object;
}

const running = 32 | 16;

const steps: readonly Step[] = [
  {
    command: 'flux queue stop --quiet --all --nocheckpoint',
    topic: 'job-manager.queue-start',
    payload: { start: false, all: true, nocheckpoint: true },
  },
  { command: 'flux resource acquire-mute', topic: 'resource.acquire-mute', payload: {} },
  {
    command: 'flux cancel --user=all --quiet --states RUN',
    topic: 'job-manager.raiseall',
    payload: { dry_run: false, userid: 0xffffffff, states: running, severity: 0, type: 'cancel', note: '' },
  },
  { command: 'flux queue idle --quiet', topic: 'job-manager.idle', payload: {} },
];

/** Services that are not there are skipped; any other failure is told and the next step taken. */
export async function cleanUp(
  flux: Flux,
  report: (level: number, text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  for (const [index, { command, topic, payload }] of steps.entries()) {
    const start = performance.now();
    try {
      await flux.rpc(topic, payload, { nodeid: 0, signal });
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      report(LogLevel.info, `cleanup.${index}: ${command} Exited (rc=0) ${seconds}s`);
    } catch (error) {
      if (error instanceof FluxError && error.code === 'ENOSYS') continue;
      report(LogLevel.err, `cleanup.${index}: ${command}: ${(error as Error).message}`);
    }
  }
}
