/** What the upstream operator gets wrong while it looks after MiniClusters, each told as a story that ends well here. */
import { clusterLabel, type KubernetesObject } from '@ebb/minicluster';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pods as podsResource } from '../kubernetes/resources.ts';
import { operatorRules } from '../rules.ts';
import { World } from './scenario.fixture.ts';

let world: World;
const soon = { timeout: 5000, interval: 5 };

beforeEach(async () => {
  world = new World();
  await world.start();
});
afterEach(() => world.stop());

const once = () => ({ signal: new AbortController().signal });

/** A pod of the namespace as somebody else made it. */
function stranger(name: string, labels: Record<string, string> | undefined, phase = 'Running'): KubernetesObject {
  return world.cluster.put({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'ns', ...(labels ? { labels } : {}) },
    status: { phase },
  });
}

describe('upstream', () => {
  it('says a size of 0 until the first resize: here it is right with the first status', async () => {
    let first: unknown;
    world.cluster.after = ({ kind, subresource }) => {
      if (kind === 'MiniCluster' && subresource === 'status') first ??= structuredClone(world.get().status);
    };
    world.add({ size: 3 });
    await world.settles(3);
    expect(first).toMatchObject({ size: 3, selector: 'hpa-selector=flux-sample' });
  });

  it('writes into its caches: here they are frozen, and the whole life of a MiniCluster changes none of them', async () => {
    world.add({ size: 2, maxSize: 4, network: { headlessName: 'svc' } });
    await world.settles(2);
    const [pod] = world.cluster.all('pods');
    for await (const { object } of world.cluster.watch(podsResource, 'ns', { resourceVersion: '0', ...once() })) {
      expect(() => Object.assign(object.metadata, { name: 'another' })).toThrow(TypeError);
      break;
    }
    world.set({ size: 4 });
    await world.settles(4);
    world.set({ size: 1 });
    await world.settles(1);
    expect(world.cluster.all('pods')[0]?.metadata.name).toBe(pod?.metadata.name);
  });

  it('watches Secrets, Ingresses and Jobs twice over: here each kind that is looked at once, and no Secret', async () => {
    const watched: string[] = [];
    await world.kill();
    world.cluster.before = (verb, plural) => {
      if (verb === 'watch') watched.push(plural);
    };
    await world.start();
    world.add({ size: 2 });
    await world.settles(2);
    expect([...watched].sort()).toEqual(['configmaps', 'jobs', 'miniclusters', 'pods', 'services']);
    const { watched: rights } = operatorRules();
    expect(rights.filter(({ resources }) => resources.includes('secrets'))).toEqual([
      { apiGroups: [''], resources: ['secrets'], verbs: ['get', 'create'] },
    ]);
  });

  it('fails one pass for each Service of a sidecar: here each is one request, and no pass fails', async () => {
    const containers = [
      { image: 'x', runFlux: true },
      { image: 'y', name: 'side', ports: [80] },
    ];
    world.add({ size: 1, containers });
    await world.settles(1);
    const services = world.cluster.writes
      .filter(({ kind }) => kind === 'Service')
      .map(({ verb, name }) => [verb, name]);
    expect(services).toEqual([
      ['create', 'flux-sample'],
      ['create', 'side'],
    ]);
  });

  it('never tells that a changed spec does not reach what runs: here the condition Outdated does', async () => {
    world.add({ size: 1 });
    await world.settles(1);
    expect(world.condition('Outdated')?.status).toBe('False');
    world.set({ containers: [{ image: 'another' }] });
    await vi.waitFor(() => expect(world.condition('Outdated')?.status).toBe('True'), soon);
    expect(world.condition('Outdated')?.message).toContain('delete Job flux-sample');
    world.cluster.remove('jobs', 'ns', 'flux-sample');
    await vi.waitFor(() => expect(world.condition('Outdated')?.status).toBe('False'), soon);
  });

  it('labels pods of strangers, and stumbles over one without labels: here they are not touched', async () => {
    const strangers = [stranger('flux-sample-0-zzzzz', undefined), stranger('db-0', { app: 'flux-operator' })];
    world.add({ size: 1 });
    await world.settles(1);
    for (const { metadata } of strangers) {
      expect(world.cluster.find('pods', metadata.name)?.metadata.resourceVersion).toBe(metadata.resourceVersion);
    }
  });

  it('takes the end of another’s pod for the end of the program: here only its own counts', async () => {
    world.add({ size: 1, cleanup: true, interactive: false, containers: [{ image: 'x', command: 'sleep 9' }] }, 'a');
    await world.settles(1, 'a');
    stranger('a-0-other-0-x', { app: 'flux-operator', [clusterLabel]: 'a-0-other' }, 'Succeeded');
    stranger('a-0-failed', { app: 'flux-operator', 'app.kubernetes.io/name': 'a' }, 'Failed');
    for (let turn = 0; turn < 5; turn++) {
      world.touch();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(world.get('a').status?.phase).toBe('Running');
  });

  it('may do almost anything in the cluster: here every right is used, and nothing asked for that it has no right to', async () => {
    const asked = new Set<string>();
    await world.kill();
    world.cluster.before = (verb, plural) => void asked.add(`${verb === 'apply' ? 'patch' : verb} ${plural}`);
    await world.start({ networkPolicy: true });
    const services = [{ image: 'y', name: 'registry' }];
    world.add({ size: 2, services });
    await world.settles(2);
    world.set({ size: 1 });
    await world.settles(1);
    world.set({ size: 9 });
    await vi.waitFor(() => expect(world.condition('ResizeDenied')?.status).toBe('True'), soon);
    // What is there already, and not known by its labels, is looked at and made its own.
    await world.kill();
    for (const plural of ['configmaps', 'services', 'pods', 'networkpolicies', 'secrets']) {
      for (const object of world.cluster.all(plural)) {
        if (object.metadata.ownerReferences?.some(({ kind }) => kind === 'Job')) continue;
        world.cluster.put({ ...object, metadata: { ...object.metadata, labels: {} } });
      }
    }
    world.cluster.remove('jobs', 'ns', 'flux-sample');
    await world.start({ networkPolicy: true });
    await world.settles(1);
    world.set({ cleanup: true, interactive: false, containers: [{ image: 'x', command: 'true' }] });
    const lead = world.cluster.all('pods').find(({ metadata }) => metadata.labels?.['job-index'] === '0');
    const containerStatuses = [{ name: 'flux-sample', state: { terminated: { exitCode: 0 } } }];
    world.cluster.put({ ...(lead as KubernetesObject), status: { phase: 'Succeeded', containerStatuses } });
    await vi.waitFor(() => expect(world.get()).toBeUndefined(), soon);
    const granted = operatorRules().watched.flatMap(({ resources, verbs }) =>
      resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}`)),
    );
    // The simulated cluster is asked for Flux by other means, and knows no subresources and no admission.
    const beyond = [
      'get pods/exec',
      'create pods/exec',
      'update miniclusters/finalizers',
      'update miniclusters/status',
    ];
    expect([...asked, ...beyond].filter((each) => each !== 'update miniclusters').sort()).toEqual(granted.sort());
  });
});
