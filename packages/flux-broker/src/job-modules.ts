// The modules of jobs and their data, in the order in which rank 0 loads them. A request that no local module serves
// travels to the parent, so that followers need few of them.
import type { ConfigObject, ModuleEntry } from './module.ts';

/**
 * Fluxion is not there, but its queue policy is known (flux-config-sched-fluxion-qmanager(5)): where it is EASY backfill,
 * so is the scheduler's.
 */
function isEasy(config: ConfigObject): boolean {
  const fluxion = config['sched-fluxion-qmanager'] as { 'queue-policy'?: unknown } | undefined;
  return fluxion?.['queue-policy'] === 'easy';
}

export const jobModules: readonly ModuleEntry[] = [
  { name: 'content', ranks: 'leader', load: () => import('./content/module.ts') },
  { name: 'kvs', ranks: 'leader', load: () => import('./kvs/module.ts') },
  { name: 'kvs-watch', ranks: 'leader', load: () => import('./kvs-watch/module.ts') },
  { name: 'rexec', ranks: 'all', load: () => import('./rexec/module.ts') },
  { name: 'job-shell', ranks: 'all', load: () => import('./shell/module.ts') },
  { name: 'job-info', ranks: 'leader', load: () => import('./job-info/module.ts') },
  { name: 'cron', ranks: 'leader', load: () => import('./cron/module.ts') },
  { name: 'job-manager', ranks: 'leader', load: () => import('./job-manager/module.ts') },
  { name: 'job-ingest', ranks: 'all', load: () => import('./job-ingest/module.ts') },
  {
    name: 'sched-simple',
    ranks: 'leader',
    isWanted: (config) => !isEasy(config),
    load: () => import('./scheduler/module.ts'),
  },
  { name: 'sched-backfill', ranks: 'leader', isWanted: isEasy, load: () => import('./scheduler/backfill-module.ts') },
  { name: 'job-exec', ranks: 'leader', load: () => import('./execution/module.ts') },
  { name: 'job-list', ranks: 'leader', load: () => import('./job-list/module.ts') },
];
