// Whether a machine has what R says of it: at least these cores, under this name. More is no fault, gpus are not
// looked at, as by flux-core's defaults. Pure.
import { Idset, type ResourceSet } from '@ebb/flux-formats';
import type { HostReport } from './discovery.ts';

/** Undefined when all is well, else why the rank cannot be used. */
export function verifyHost(resources: ResourceSet, found: HostReport): string | undefined {
  const { rank, host } = found;
  if (!resources.ranks.has(rank)) return `rank ${rank} not found in configured resources`;
  const expectedHost = resources.host(rank);
  if (expectedHost !== undefined && expectedHost !== host) return `rank ${rank} has host ${host}, not ${expectedHost}`;
  const missing = resources.cores(rank).subtract(Idset.parse(found.cores));
  return missing.size === 0 ? undefined : `rank ${rank} (${host}) missing resources: core${missing.toBracketString()}`;
}
