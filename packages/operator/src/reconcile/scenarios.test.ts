/** What a user does to a MiniCluster, and what comes of it. */
import { clusterLabel, indexLabel, type KubernetesObject } from '@ebb/minicluster';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../kubernetes/api-error.ts';
import { startOperator } from '../operator.ts';
import { World } from './scenario.fixture.ts';
import { SimulatedCluster } from './simulated-cluster.fixture.ts';
import { SimulatedFlux } from './simulated-flux.fixture.ts';

let world: World;
const soon = { timeout: 5000, interval: 5 };
/** Beyond the pause between two words about a start. */
const patient = { timeout: 20_000, interval: 20 };

beforeEach(async () => {
  world = new World();
  await world.start();
});
afterEach(() => world.stop());

describe('a MiniCluster', () => {
  it('becomes a Secret, a ConfigMap, a Service and a Job, and is Ready when its brokers are online', async () => {
    world.add({ size: 2, maxSize: 4 });
    await world.settles(2);
    const owned = world.cluster.writes
      .filter(({ verb }) => verb === 'create')
      .map(({ kind, name }) => `${kind} ${name}`);
    expect(owned).toEqual([
      'Secret flux-sample-curve',
      'ConfigMap flux-sample-entrypoint',
      'Service flux-sample',
      'Job flux-sample',
    ]);
    // A lead broker that starts again waits for nobody.
    expect(world.quorum()).toBe('1\n');
    expect(world.get().status).toMatchObject({
      size: 2,
      maximumSize: 4,
      selector: 'hpa-selector=flux-sample',
      ranks: { up: 2, down: 2, online: '0-1', offline: '2-3' },
      nodes: { free: 2, allocated: 0 },
    });
  });

  it('suspends and resumes', async () => {
    world.add({ size: 2 });
    await world.settles(2);
    world.set({ scaling: { suspend: true } });
    await vi.waitFor(() => expect(world.get().status?.phase).toBe('Suspended'), soon);
    await vi.waitFor(() => expect(world.pods()).toBe(0), soon);
    world.set({ scaling: { suspend: false } });
    await world.settles(2);
  });

  it.each([
    [0, 'Succeeded'],
    [7, 'Failed'],
  ])('reports a program that ends with %i, once, and runs it no second time', async (exitCode, phase) => {
    world.add({ size: 2, interactive: false, containers: [{ image: 'x', command: 'true' }] });
    await world.settles(2);
    expect(world.get().status?.program).toMatchObject({ state: 'Running', tasks: 1 });
    const pod = world.cluster.all('pods').find((each) => each.metadata.name.includes('-0-')) as KubernetesObject;
    const terminated = {
      exitCode,
      message: JSON.stringify({ program: { exitCode } }),
      finishedAt: new Date().toISOString(),
    };
    world.cluster.put({
      ...pod,
      status: { phase, containerStatuses: [{ name: 'flux-sample', state: { terminated } }] },
    });
    await vi.waitFor(() => expect(world.condition('Finished')).toMatchObject({ status: 'True', reason: phase }), soon);
    expect(world.get().status).toMatchObject({ phase, program: { state: phase, exitCode } });
    if (exitCode !== 0) await vi.waitFor(() => expect(world.job()?.backoffLimit).toBe(0), soon);
  });

  it('keeps the exit status of a program whose container is started again before the Job has ended', async () => {
    const pod = { restartPolicy: 'OnFailure' as const };
    world.add({ size: 2, interactive: false, pod, containers: [{ image: 'x', command: 'false' }] });
    await world.settles(2);
    const lead = world.cluster.all('pods').find((each) => each.metadata.name.includes('-0-')) as KubernetesObject;
    const terminated = { exitCode: 7, message: JSON.stringify({ program: { exitCode: 7 } }) };
    const containers = (state: object) => ({ containerStatuses: [{ name: 'flux-sample', ready: true, state }] });
    world.cluster.after = ({ verb, kind }) => {
      if (verb !== 'patch' || kind !== 'Job') return;
      world.cluster.after = () => {};
      world.cluster.put({ ...lead, status: { phase: 'Running', ...containers({ running: {} }) } });
    };
    world.cluster.put({ ...lead, status: { phase: 'Running', ...containers({ terminated }) } });
    await vi.waitFor(() => expect(world.job()?.backoffLimit).toBe(0), soon);
    const job = world.cluster.find('jobs', 'flux-sample') as KubernetesObject;
    const conditions = [{ type: 'Failed', status: 'True', message: 'Job has reached the specified backoff limit' }];
    world.cluster.put({ ...job, status: { failed: 2, conditions } });
    for (const { metadata } of world.cluster.all('pods')) world.cluster.remove('pods', 'ns', metadata.name);
    await vi.waitFor(() => expect(world.condition('Finished')?.status).toBe('True'), soon);
    expect(world.get().status).toMatchObject({ phase: 'Failed', program: { state: 'Failed', exitCode: 7 } });
    expect(world.condition('Finished')?.message).toBe('the program ended with status 7');
    const told = world.cluster.all('events').map((each) => each['message']);
    expect(told).toEqual(['the program ended with status 7']);
  });

  it.each([
    ['before', 0],
    ['after', 1],
  ])(
    'does not run a program again that succeeded, because a container beside it fails (%s the Job counts it)',
    async (_, failed) => {
      const beside = { name: 'other', image: 'x', command: 'exit 3' };
      const program = { image: 'x', command: 'true', runFlux: true };
      world.add({ size: 2, interactive: false, containers: [program, beside] });
      await world.settles(2);
      const pod = world.cluster.all('pods').find((each) => each.metadata.name.includes('-0-')) as KubernetesObject;
      const message = JSON.stringify({ program: { exitCode: 0 } });
      const terminated = { exitCode: 0, message, finishedAt: new Date().toISOString() };
      const containerStatuses = [
        { name: 'flux-sample', state: { terminated } },
        { name: 'other', state: { terminated: { exitCode: 3 } } },
      ];
      const running = world.cluster.find('jobs', 'flux-sample') as KubernetesObject;
      world.cluster.put({ ...running, status: { failed } });
      world.cluster.put({ ...pod, status: { phase: 'Failed', containerStatuses } });
      await vi.waitFor(() => expect(world.job()?.backoffLimit).toBe(0), soon);
      const job = world.cluster.find('jobs', 'flux-sample') as KubernetesObject;
      const conditions = [{ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded' }];
      world.cluster.put({ ...job, status: { failed: 1, conditions } });
      await vi.waitFor(() => expect(world.condition('Finished')?.reason).toBe('Succeeded'), soon);
      expect(world.get().status).toMatchObject({ phase: 'Succeeded', program: { state: 'Succeeded', exitCode: 0 } });
    },
  );

  it('leaves brokers the name they were started with when the spec names another', async () => {
    world.add({ size: 2, network: { headlessName: 'first' } });
    await world.settles(2);
    world.set({ network: { headlessName: 'second' } });
    await vi.waitFor(() => expect(world.condition('Outdated')?.status).toBe('True'), soon);
    const data = world.cluster.find('configmaps', 'flux-sample-entrypoint')?.['data'] as Record<string, string>;
    expect(data['broker.toml']).toContain('%h.first.ns.svc');
    expect(world.cluster.find('services', 'second')).toBeUndefined();
  });

  it('forgives old failures when all brokers are up again', async () => {
    world.add({ size: 2, backoffLimit: 10 });
    await world.settles(2);
    const job = world.cluster.find('jobs', 'flux-sample') as KubernetesObject;
    world.cluster.put({ ...job, status: { failed: 6 } });
    await vi.waitFor(() => expect(world.job()?.backoffLimit).toBe(16), soon);
  });

  it('labels the pod of the lead broker as Services of upstream select it, and the pod that replaces it', async () => {
    world.add({ size: 2 });
    await world.settles(2);
    const lead = () => world.cluster.all('pods').find(({ metadata }) => metadata.labels?.['job-index'] === '0');
    await vi.waitFor(() => expect(lead()?.metadata.labels?.[indexLabel]).toBe('0'), soon);
    const first = lead()?.metadata;
    world.cluster.remove('pods', 'ns', first?.name ?? '');
    await vi.waitFor(() => expect(lead()?.metadata.uid).not.toBe(first?.uid), soon);
    await vi.waitFor(() => expect(lead()?.metadata.labels?.[indexLabel]).toBe('0'), soon);
  });

  it('gives the lead pod the label of its index where Kubernetes does not yet (1.27)', async () => {
    world.cluster.minor = 27;
    world.add({ size: 2 });
    await world.settles(2);
    const lead = () => world.cluster.all('pods').find(({ metadata }) => metadata.annotations?.[indexLabel] === '0');
    await vi.waitFor(() => expect(lead()?.metadata.labels?.[indexLabel]).toBe('0'), soon);
  });

  it('refuses a cluster older than 1.27, and says why', async () => {
    const cluster = new SimulatedCluster();
    cluster.minor = 26;
    const started = startOperator({ api: cluster, links: new SimulatedFlux(cluster), log: pino({ level: 'silent' }) });
    await expect(started).rejects.toThrow(
      'this cluster is Kubernetes v1.26.0; MiniClusters need 1.27 or later, because earlier Indexed Jobs cannot be resized',
    );
    expect(cluster.writes).toEqual([]);
  });

  it('is not ready before Flux has answered, unless it answers for too long not', async () => {
    Object.assign(world.flux, { isReachable: false, isComing: true });
    world.add({ size: 2 });
    const ready = () => world.condition('Ready');
    await vi.waitFor(() => expect(ready()?.message).toBe('2 of 2 pods run; Flux has not answered yet'), patient);
    expect(ready()?.status).toBe('False');
    world.flux.isComing = false;
    world.touch();
    await vi.waitFor(() => expect(ready()?.status).toBe('True'), soon);
    expect(ready()).toMatchObject({ reason: 'PodsReady', message: '2 of 2 pods run; Flux cannot be asked' });
    // An operator that has just started waits for Flux too, but what is ready stays it.
    world.flux.isComing = true;
    world.touch();
    await vi.waitFor(() => expect(ready()?.message).toContain('has not answered yet'), soon);
    expect(ready()?.status).toBe('True');
  });

  it('takes over what the upstream operator made, scripts and all', async () => {
    world.add({ size: 2, maxSize: 4 });
    await world.settles(2);
    await world.kill();
    const before = world.cluster;
    const job = before.find('jobs', 'flux-sample') as KubernetesObject;
    const { [clusterLabel]: _label, 'app.kubernetes.io/managed-by': _manager, ...labels } = job.metadata.labels ?? {};
    before.put({ ...job, metadata: { ...job.metadata, labels, annotations: {} } });
    const map = before.find('configmaps', 'flux-sample-entrypoint') as KubernetesObject;
    const data = { 'wait-0': 'as upstream wrote it' };
    before.put({ ...map, metadata: { ...map.metadata, labels: {} }, data });
    before.remove('secrets', 'ns', 'flux-sample-curve');
    await world.start();
    world.set({ size: 3 });
    await world.settles(3);
    expect(world.cluster.find('configmaps', 'flux-sample-entrypoint')?.['data']).toEqual(data);
    expect(world.cluster.find('secrets', 'flux-sample-curve')).toBeUndefined();
    expect(world.cluster.find('jobs', 'flux-sample')?.metadata.uid).toBe(job.metadata.uid);
  });

  it('brings back what someone deletes', async () => {
    world.add({ size: 2 });
    await world.settles(2);
    const secret = JSON.stringify(world.cluster.find('secrets', 'flux-sample-curve')?.['data']);
    world.cluster.remove('services', 'ns', 'flux-sample');
    await vi.waitFor(() => expect(world.cluster.find('services', 'flux-sample')).toBeDefined(), soon);
    world.cluster.remove('jobs', 'ns', 'flux-sample');
    await vi.waitFor(() => expect(world.cluster.find('jobs', 'flux-sample')).toBeDefined(), soon);
    await world.settles(2);
    expect(JSON.stringify(world.cluster.find('secrets', 'flux-sample-curve')?.['data'])).toBe(secret);
  });

  it('says what is wrong with a spec, and goes on when it is mended', async () => {
    world.add({ containers: [{ image: 'x', launcher: true, batch: true }] });
    await vi.waitFor(() => expect(world.condition('Degraded')?.message).toContain('spec.containers[0].launcher'), soon);
    world.set({ containers: [{ image: 'x' }] });
    await world.settles(4);
  });

  it('says what the API server does not take, and goes on when it does', async () => {
    world.cluster.before = (verb, plural) => {
      if (verb === 'create' && plural === 'jobs') throw new ApiError(403, 'Forbidden', 'jobs: exceeded quota: small');
    };
    world.add({});
    await vi.waitFor(
      () => expect(world.condition('Degraded')).toMatchObject({ status: 'True', reason: 'ApiRefused' }),
      soon,
    );
    expect(world.condition('Degraded')?.message).toContain('exceeded quota: small');
    expect(world.get().status?.phase).toBe('Pending');
    world.cluster.before = () => {};
    world.set({ cleanup: true });
    await world.settles(4);
    expect(world.condition('Degraded')?.status).toBe('False');
  });

  it('leaves a Service of someone else alone and says so', async () => {
    world.cluster.put({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'flux-sample', namespace: 'ns' },
      spec: {},
    });
    world.add({});
    await vi.waitFor(
      () => expect(world.condition('Degraded')).toMatchObject({ status: 'True', reason: 'NameTaken' }),
      soon,
    );
    expect(world.cluster.find('services', 'flux-sample')?.['spec']).toEqual({});
  });

  it('cleans up after its program when asked to', async () => {
    world.add({ size: 1, cleanup: true, interactive: false, containers: [{ image: 'x', command: 'true' }] });
    await world.settles(1);
    const pod = world.cluster.all('pods')[0] as KubernetesObject;
    world.cluster.put({
      ...pod,
      status: {
        phase: 'Succeeded',
        containerStatuses: [{ name: 'flux-sample', state: { terminated: { exitCode: 0 } } }],
      },
    });
    await vi.waitFor(() => expect(world.get()).toBeUndefined(), soon);
    expect(world.cluster.all('jobs')).toEqual([]);
    // How it ended is said before it goes: to who waits for it, and to who comes later.
    expect(world.cluster.writes.slice(-3).map(({ verb, kind }) => `${verb} ${kind}`)).toEqual([
      'create Event',
      'update MiniCluster',
      'delete MiniCluster',
    ]);
  });

  it('takes no offence when what it is to clean up is gone already', async () => {
    world.add({ size: 1, cleanup: true, interactive: false, containers: [{ image: 'x', command: 'true' }] });
    await world.settles(1);
    world.cluster.before = (verb, plural) => {
      if (verb === 'delete' && plural === 'miniclusters') world.cluster.remove(plural, 'ns', 'flux-sample');
    };
    const pod = world.cluster.all('pods')[0] as KubernetesObject;
    const containerStatuses = [{ name: 'flux-sample', state: { terminated: { exitCode: 0 } } }];
    world.cluster.put({ ...pod, status: { phase: 'Succeeded', containerStatuses } });
    await vi.waitFor(() => expect(world.get()).toBeUndefined(), soon);
    world.add({ size: 1 }, 'next');
    await world.settles(1, 'next');
    expect(world.complaints).toEqual([]);
  });
});
