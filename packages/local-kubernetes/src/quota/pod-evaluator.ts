/** What pods take of a quota. */
import { at, listAt, mapAt, textAt } from '../kinds/columns/read.ts';
import { isHugePages, isNative } from '../kinds/native-resources.ts';
import { chargedAmounts, hasPodResources } from '../kinds/pod-amounts.ts';
import { type Amounts, add, amountsOf, count } from '../schema/amounts.ts';
import type { JsonObject } from '../schema/schema.ts';
import { countName, type Evaluator } from './evaluator.ts';
import { isTerminating, podScope } from './scopes.ts';

const compute = ['cpu', 'memory', 'ephemeral-storage'];
const requested = 'requests.';
const podCount = countName({ group: '', plural: 'pods' });
const named = new Set([
  podCount,
  'pods',
  ...compute,
  ...compute.map((name) => `${requested}${name}`),
  ...compute.map((name) => `limits.${name}`),
]);
/** Every container has to say these where a quota counts them. */
const demanded = new Set(['cpu', 'memory'].flatMap((name) => [name, `${requested}${name}`, `limits.${name}`]));
const deviceClass = 'deviceclass.resource.kubernetes.io/';

/** Devices and the like, which a quota counts as requests alone. */
const isExtended = (name: string) => (!isNative(name) && !name.startsWith(requested)) || name.startsWith(deviceClass);

export const podEvaluator: Evaluator = {
  handles({ operation, subresource, object, oldObject }) {
    if (subresource) return false;
    return operation === 'CREATE' || (oldObject !== undefined && isTerminating(oldObject) !== isTerminating(object));
  },
  counts(resource) {
    if (named.has(resource) || isHugePages(resource)) return true;
    if (!resource.startsWith(requested)) return false;
    const asked = resource.slice(requested.length);
    return isHugePages(asked) || asked.startsWith(deviceClass) || !isNative(resource);
  },
  isInScope: podScope,
  usage(pod, now) {
    const counted: Amounts = new Map([[podCount, count(1)]]);
    if (!isCharged(pod, now)) return counted;
    const spec = mapAt(pod, 'spec');
    return add(counted, charge(chargedAmounts(spec, 'requests'), chargedAmounts(spec, 'limits')));
  },
  missing(resources, pod) {
    const spec = mapAt(pod, 'spec');
    if (hasPodResources(spec)) return undefined;
    const silent = new Map<string, string[]>();
    for (const container of [...listAt(spec, 'containers'), ...listAt(spec, 'initContainers')]) {
      const [requests, limits] = ['requests', 'limits'].map((side) => amountsOf(mapAt(container, `resources.${side}`)));
      const said = charge(requests!, limits!);
      for (const name of resources) {
        if (!demanded.has(name) || said.has(name)) continue;
        silent.set(name, [...(silent.get(name) ?? []), textAt(container, 'name')]);
      }
    }
    if (silent.size === 0) return undefined;
    const texts = [...silent].map(([name, containers]) => `${name} for: ${containers.sort().join(',')}`);
    return `must specify ${texts.sort().join('; ')}`;
  },
  isChanged: (old, pod, now) =>
    isTerminating(old) !== isTerminating(pod) || (isCharged(old, now) && !isCharged(pod, now)),
};

/** What has ended, and what should be gone by now, is only counted. */
function isCharged(pod: JsonObject, now: Date): boolean {
  const phase = textAt(pod, 'status.phase');
  if (phase === 'Failed' || phase === 'Succeeded') return false;
  const deletion = at(pod, 'metadata.deletionTimestamp');
  const seconds = at(pod, 'metadata.deletionGracePeriodSeconds');
  if (typeof deletion !== 'string' || typeof seconds !== 'number') return true;
  return now.getTime() <= Date.parse(deletion) + seconds * 1000;
}

function charge(requests: Amounts, limits: Amounts): Amounts {
  const charged = new Map([['pods', count(1)]]);
  for (const name of compute) {
    const [request, limit] = [requests.get(name), limits.get(name)];
    if (request) charged.set(name, request).set(`${requested}${name}`, request);
    if (limit) charged.set(`limits.${name}`, limit);
  }
  for (const [name, request] of requests) {
    if (isHugePages(name)) charged.set(name, request);
    if (isHugePages(name) || isExtended(name)) charged.set(`${requested}${name}`, request);
  }
  return charged;
}
