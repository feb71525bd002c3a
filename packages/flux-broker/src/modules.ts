// The modules a broker knows, in load order. Removal at shutdown goes the other way round.
import { jobModules } from './job-modules.ts';
import type { ModuleEntry } from './module.ts';

export const modules: readonly ModuleEntry[] = [...jobModules];
