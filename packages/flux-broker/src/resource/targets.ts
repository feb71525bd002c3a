// The ranks that a user means by an idset or a hostlist. Pure.
import { Idset, parseHostlist, printHostlist, type ResourceSet } from '@ebb/flux-formats';

/** @throws {Error} `invalid targets: ...` for text that is neither, or hosts that R does not have. */
export function parseTargets(targets: string, resources: ResourceSet | undefined): Idset {
  try {
    return Idset.parse(targets);
  } catch {
    // Not an idset: hosts.
  }
  if (!resources) throw new Error('R is unavailable for mapping hostnames to ranks');
  let hosts: string[];
  try {
    hosts = parseHostlist(targets);
  } catch {
    throw new Error('invalid targets: Hostlist cannot be decoded');
  }
  const ranksOf = new Map<string, number[]>();
  for (const rank of resources.ranks) {
    const host = resources.host(rank);
    if (host === undefined) continue;
    const ranks = ranksOf.get(host);
    if (ranks) ranks.push(rank);
    else ranksOf.set(host, [rank]);
  }
  const missing = hosts.filter((host) => !ranksOf.has(host));
  if (missing.length > 0) throw new Error(`invalid targets: invalid hosts: ${printHostlist(missing)}`);
  return Idset.of(hosts.flatMap((host) => ranksOf.get(host)!));
}
