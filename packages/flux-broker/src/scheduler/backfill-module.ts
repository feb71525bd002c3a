// The module `sched-backfill`: the scheduler with EASY backfill. It is there from the start where the configuration gives
// Fluxion's queue policy `easy`; else `flux module remove sched-simple` before loading it.
import type { BrokerModule } from '../module.ts';
import { Scheduler } from './module.ts';

export function create(): BrokerModule {
  return new Scheduler('sched-backfill', 'easy');
}
