// The modules a broker knows, in load order. Removal at shutdown goes the other way round.
import { jobModules } from './job-modules.ts';
import type { ModuleEntry } from './module.ts';

const heartbeat: ModuleEntry = { name: 'heartbeat', ranks: 'all', load: () => import('./heartbeat/module.ts') };
const resource: ModuleEntry = { name: 'resource', ranks: 'all', load: () => import('./resource/module.ts') };

/** Those that `resource` needs, in the order in which they load. */
const beforeResource = new Set(['content', 'content-sqlite', 'kvs', 'kvs-watch', 'rexec']);

export const modules: readonly ModuleEntry[] = [
  heartbeat,
  ...jobModules.filter(({ name }) => beforeResource.has(name)),
  resource,
  ...jobModules.filter(({ name }) => !beforeResource.has(name)),
];
