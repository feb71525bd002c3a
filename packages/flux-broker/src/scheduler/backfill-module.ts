// The module `sched-backfill`: the scheduler with EASY backfill. `flux module remove sched-simple` first.
import type { BrokerModule } from '../module.ts';
import { Scheduler } from './module.ts';

export function create(): BrokerModule {
  return new Scheduler('sched-backfill', 'easy');
}
