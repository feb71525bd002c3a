// What the configuration adds to a jobspec: defaults of [policy.jobspec] and of the queue, and what the queue's
// resources must have (RFC 33; flux-core: job-frobnicator with its plugins defaults and constraints).
import { FluxError } from '@ebb/flux-client';
import type { Jobspec } from '@ebb/flux-formats';
import { parseDuration } from '@ebb/flux-formats';
import type { ConfigObject } from '../module.ts';
import type { Frobnicator } from './ingest-config.ts';

type System = Record<string, unknown>;

interface Policed {
  readonly parent?: string;
  readonly requires?: readonly string[];
  readonly policy?: { readonly jobspec?: { readonly defaults?: { readonly system?: System } } };
}

/**
 * The jobspec with what it leaves open filled in; the same one without plugins.
 * @throws FluxError EINVAL for a queue that is not configured
 */
export function frobnicate(config: ConfigObject, jobspec: Jobspec, plugins: readonly Frobnicator[]): Jobspec {
  const { queues, policy } = config as Policed & { queues?: Record<string, Policed> };
  if (plugins.length === 0) return jobspec;
  const fills = plugins.includes('defaults');
  const defaults = fills ? policy?.jobspec?.defaults?.system : undefined;
  const system: System = { ...jobspec.attributes.system };
  const name = (system['queue'] ?? defaults?.['queue']) as string | undefined;
  if (name === undefined && queues) throw new FluxError('EINVAL', 'no queue specified');
  const queue = name === undefined ? undefined : queues?.[name];
  if (name !== undefined && queues && !queue) throw new FluxError('EINVAL', `Invalid queue '${name}' specified`);
  const parent = parentOf(queues, name, queue);
  const own = [parent, queue].map((each) => each?.policy?.jobspec?.defaults?.system);
  const layers = fills ? [defaults, ...own] : [];
  for (const [key, value] of Object.entries(Object.assign({}, ...layers) as System)) {
    if (key === 'duration') system[key] = system[key] || (typeof value === 'string' ? parseDuration(value) : value);
    else if (!(key in system)) system[key] = value;
  }
  const requires = plugins.includes('constraints') ? (parent ?? queue)?.requires : undefined;
  if (requires) system['constraints'] = constrained(system['constraints'] as System | undefined, requires);
  return { ...jobspec, attributes: { ...jobspec.attributes, system: system as Jobspec['attributes']['system'] } };
}

function parentOf(queues: Record<string, Policed> | undefined, name: string | undefined, queue: Policed | undefined) {
  if (queue?.parent === undefined) return undefined;
  const parent = queues?.[queue.parent];
  if (parent) return parent;
  throw new FluxError('EINVAL', `queue '${name}': parent queue '${queue.parent}' is not configured`);
}

function constrained(constraints: System | undefined, requires: readonly string[]): System {
  if (!constraints) return { properties: [...requires] };
  const { properties } = constraints;
  if (!Array.isArray(properties)) return { and: [constraints, { properties: [...requires] }] };
  return { ...constraints, properties: [...new Set([...properties, ...requires])] };
}
