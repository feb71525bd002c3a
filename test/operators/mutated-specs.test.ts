/**
 * Twenty thousand MiniClusters, made up and mutilated, on their whole way: the API server (the CustomResourceDefinition
 * with its rules, as the embedded server keeps them) and the operator each refuse what is wrong with the path of a field;
 * what is left is reconciled, its objects held against the embedded server's own validation. The operator never throws
 * what it does not tell, and comes to rest.
 */
import {
  apiVersionOf,
  builtInKinds,
  compileCustomResource,
  fieldErrorText,
  type Kind,
  settleAddresses,
  strategyFor,
} from '@ebb/local-kubernetes/internal';
import { customResourceDefinition, type KubernetesObject, type MiniCluster } from '@ebb/minicluster';
import { names, specs } from '@ebb/minicluster/internal';
import {
  ApiError,
  type Caches,
  Metrics,
  Reconciler,
  type Resource,
  SimulatedCluster,
  SimulatedFlux,
} from '@ebb/operator/internal';
import fc from 'fast-check';
import { pino } from 'pino';
import { expect, it } from 'vitest';

const count = Number(process.env['EBB_SPECS'] ?? 20_000);
const key = 'ns/flux-sample';
/** Passes and writes of one that comes up, is said so, and rests. */
const mostPasses = 12;
/** Longer than a status of a start is held back. */
const passEveryMs = 20_000;
const mostWrites = 30;
const versions = compileCustomResource(customResourceDefinition());
const metrics = new Metrics();
const log = pino({ level: 'silent' });

/** What the embedded server makes of an object that is created, or why it does not take it. */
function admitted(kind: Kind, raw: unknown): { object: KubernetesObject; refusals: string[] } {
  const strategy = strategyFor(kind);
  const { object, error } = strategy.decode(raw);
  if (error) return { object: object as unknown as KubernetesObject, refusals: [error] };
  strategy.applyDefaults(object);
  // Admission does it, before it gives out addresses.
  if (kind.kind === 'Service') settleAddresses(object);
  strategy.prepareForCreate(object);
  const refusals = strategy.validateCreate(object).map(fieldErrorText);
  return { object: object as unknown as KubernetesObject, refusals };
}

/** A simulated cluster that takes what the embedded server takes. */
class StrictCluster extends SimulatedCluster {
  override async create(object: KubernetesObject): Promise<KubernetesObject> {
    const kind = builtInKinds.find((each) => each.kind === object.kind && apiVersionOf(each) === object.apiVersion);
    if (!kind) throw new Error(`${object.kind} is not known`);
    const { refusals } = admitted(kind, object);
    if (refusals.length > 0) throw new ApiError(422, 'Invalid', `${object.kind} is invalid: ${refusals.join(', ')}`);
    return super.create(object);
  }
}

/** The caches of an operator whose watches are never late. */
function promptCaches(cluster: SimulatedCluster): Caches {
  const own = (pod: KubernetesObject) => pod.metadata.ownerReferences?.some(({ name }) => name === 'flux-sample');
  return {
    get: (resource: Resource, _namespace: string, name: string) => cluster.find(resource.plural, name),
    cluster: () => cluster.find('miniclusters', 'flux-sample') as unknown as MiniCluster | undefined,
    podsOf: () => cluster.all('pods').filter(own),
    put: () => {},
  } as unknown as Caches;
}

/** @returns what the operator says is wrong with it; undefined for one that runs */
async function reconciled(object: KubernetesObject): Promise<string | undefined> {
  const cluster = new StrictCluster();
  cluster.put(object);
  const links = new SimulatedFlux(cluster);
  let time = 0;
  const now = () => time;
  const reconciler = new Reconciler({ api: cluster, caches: promptCaches(cluster), links, log, metrics, now });
  let quiet = 0;
  for (let pass = 0; quiet < 2; pass++) {
    if (pass > mostPasses) throw new Error('the passes do not come to rest');
    const { length } = cluster.writes;
    time += passEveryMs;
    await reconciler.reconcile(key);
    // More pods than a machine has are no concern of this test.
    const { parallelism } = (cluster.find('jobs', 'flux-sample')?.['spec'] ?? {}) as { parallelism?: number };
    const isChanged = parallelism !== undefined && parallelism <= 8 && cluster.settle();
    quiet = cluster.writes.length === length && !isChanged ? quiet + 1 : 0;
  }
  expect(cluster.writes.length).toBeLessThanOrEqual(mostWrites);
  const { status } = cluster.find('miniclusters', 'flux-sample') as unknown as MiniCluster;
  const degraded = status?.conditions?.find(({ type, status: is }) => type === 'Degraded' && is === 'True');
  if (!degraded) expect(status?.selector).toBe('hpa-selector=flux-sample');
  return degraded?.message;
}

it('each is refused with a field path, or reconciled', { timeout: 1_200_000 }, async () => {
  const came = { 'refused by the API': 0, 'refused by the operator': 0, 'refused as objects': 0, reconciled: 0 };
  const cases = fc.tuple(specs, names, fc.constantFrom(...versions.keys()));
  await fc.assert(
    fc.asyncProperty(cases, async ([spec, name, index]) => {
      const version = versions[index] as Kind;
      const metadata = { name, namespace: 'ns', uid: 'u' };
      const { object, refusals } = admitted(version, {
        apiVersion: apiVersionOf(version),
        kind: 'MiniCluster',
        metadata,
        spec,
      });
      if (refusals.length > 0) {
        came['refused by the API'] += 1;
        expect(refusals.join('; ')).toMatch(/(^|[ ".])(spec|metadata)\b|json: /);
        return;
      }
      const problem = await reconciled({ ...object, apiVersion: 'flux-framework.org/v1alpha2' });
      if (problem === undefined) came.reconciled += 1;
      else if (/does not take what this becomes/.test(problem)) came['refused as objects'] += 1;
      else came['refused by the operator'] += 1;
      if (problem !== undefined) expect(problem).toMatch(/(spec|metadata)[.[]|[a-z]+\[/);
    }),
    // One that does not come to rest is named.
    { numRuns: count, timeout: 60_000 },
  );
  console.log(JSON.stringify(came));
  // Each way must be well travelled, or the test says nothing.
  expect(came['refused by the API']).toBeGreaterThan(count / 10);
  expect(came.reconciled).toBeGreaterThan(count / 20);
});
