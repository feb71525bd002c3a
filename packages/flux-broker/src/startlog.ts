// The starts and ends of an instance, as an eventlog in its KVS: `flux startlog` tells from it when it crashed.
import { type Flux, KvsTransaction } from '@ebb/flux-client';
import { printEvent } from '@ebb/flux-formats';

const key = 'admin.eventlog';
const version = 1;

/** On disk when it resolves: also an instance that is killed at once had begun. `seconds` since 1970. */
export async function logStart(flux: Flux, seconds: number, coreVersion: string): Promise<void> {
  const context = { version, core_version: coreVersion };
  const line = printEvent({ timestamp: seconds, name: 'start', context });
  await new KvsTransaction().append(key, line).commit(flux, { sync: true });
}

export async function logFinish(flux: Flux, seconds: number): Promise<void> {
  const line = printEvent({ timestamp: seconds, name: 'finish', context: { version } });
  await new KvsTransaction().append(key, line).commit(flux);
}
