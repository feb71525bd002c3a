// Whether a machine has what R says of it (flux-core: librlist; flux-config-resource(5), [resource.verify]). Pure.
import { Idset, type ResourceSet } from '@ebb/flux-formats';
import type { HostReport } from './discovery.ts';

const modes = ['strict', 'allow-extra', 'allow-missing', 'ignore'] as const;
const kinds = ['hostname', 'core', 'gpu'] as const;

export type VerifyMode = (typeof modes)[number];

export interface VerifyConfig extends Readonly<Record<(typeof kinds)[number], VerifyMode>> {
  /** The configuration says it: then it is also for an instance that is a job of another one. */
  readonly isExplicit: boolean;
}

/** Without `resource.verify`: at least these cores, under this name; gpus are not looked at. */
export const usualVerification: VerifyConfig = {
  hostname: 'strict',
  core: 'allow-extra',
  gpu: 'ignore',
  isExplicit: false,
};

/** Reads `resource.verify`. @throws {Error} with the reason, for a person. */
export function readVerification(value: unknown): VerifyConfig {
  if (value === undefined) return usualVerification;
  if (typeof value === 'boolean') return allKinds(value ? 'strict' : 'ignore');
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error('verify must be a table or boolean');
  }
  const table = value as Record<string, VerifyMode>;
  for (const [kind, mode] of Object.entries(table)) {
    if (typeof mode !== 'string') throw new Error(`verify.${kind} mode must be a string`);
    if (!modes.includes(mode)) throw new Error(`verify.${kind}: unknown verify mode '${mode}'`);
    if (kind !== 'default' && !kinds.some((known) => known === kind)) {
      throw new Error(`verify: unsupported resource type: ${kind}`);
    }
  }
  const { default: usual = 'strict', ...kindly } = table;
  return { ...allKinds(usual), ...kindly };
}

/**
 * Whether to look at all: within a job, the cores there are to see may be others than those R numbers, so that an
 * instance looks only where it is told to.
 */
export function verifies({ isExplicit }: VerifyConfig, noverify: boolean, method: string): boolean {
  if (noverify || method === 'dynamic-discovery') return false;
  return method !== 'job-info' || isExplicit;
}

/** Undefined when all is well, else why the rank cannot be used. */
export function verifyHost(
  resources: ResourceSet,
  found: HostReport,
  config: VerifyConfig = usualVerification,
): string | undefined {
  const { rank, host } = found;
  if (!resources.ranks.has(rank)) return `rank ${rank} not found in expected ranks`;
  const expectedHost = resources.host(rank);
  if (config.hostname === 'strict' && expectedHost !== undefined && expectedHost !== host) {
    return `rank ${rank} got hostname '${host}', expected '${expectedHost}'`;
  }
  const has = { core: Idset.parse(found.cores), gpu: Idset.parse(found.gpus) };
  const wants = { core: resources.cores(rank), gpu: resources.gpus(rank) };
  const missing = difference(wants, has, (kind) => config[kind] === 'strict' || config[kind] === 'allow-extra');
  if (missing !== '') return `rank ${rank} (${host}) missing resources: ${missing}`;
  const extra = difference(has, wants, (kind) => config[kind] === 'strict' || config[kind] === 'allow-missing');
  return extra === '' ? undefined : `rank ${rank} (${host}) has extra resources: ${extra}`;
}

type Ids = Record<'core' | 'gpu', Idset>;

function difference(from: Ids, less: Ids, counts: (kind: 'core' | 'gpu') => boolean): string {
  return (['core', 'gpu'] as const)
    .filter(counts)
    .map((kind) => [kind, from[kind].subtract(less[kind])] as const)
    .filter(([, ids]) => ids.size > 0)
    .map(([kind, ids]) => `${kind}${ids.toBracketString()}`)
    .join(',');
}

function allKinds(mode: VerifyMode): VerifyConfig {
  return { hostname: mode, core: mode, gpu: mode, isExplicit: true };
}
