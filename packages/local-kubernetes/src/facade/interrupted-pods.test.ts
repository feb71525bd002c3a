// A cluster that is stopped and started again: which pods are made anew, and that this is no failure of theirs.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { HttpKubernetesClient } from '../client/http-kubernetes-client.ts';
import { readKubeconfig } from '../client/kubeconfig.ts';
import { failureCountKey } from '../controllers/job/index-failures.ts';
import type { Job, JobPod } from '../controllers/job/job-types.ts';
import { interruptedPods } from './interrupted-pods.ts';
import { type LocalKubernetes, startLocalKubernetes } from './start-local-kubernetes.ts';

const never = 2_147_483_647;

describe('of the pods that ran', () => {
  const job = (spec: object) => ({ metadata: { name: 'j', uid: 'j' }, spec }) as unknown as Job;
  const pod = (status: object, nodeName?: string, uid = 'j') =>
    ({
      metadata: { name: 'p', ownerReferences: [{ uid, controller: true }] },
      spec: { containers: [], ...(nodeName ? { nodeName } : {}) },
      status,
    }) as unknown as JobPod;
  const patient = job({ backoffLimitPerIndex: never, backoffLimit: 100 });
  const running = pod({ phase: 'Running', containerStatuses: [{ state: { running: {} } }] }, 'here');

  it.each<[string, Job, JobPod, boolean]>([
    ['one of a Job that tries for ever is made anew', patient, running, true],
    ['one that was bound and did not run yet, too', patient, pod({ phase: 'Pending' }, 'here'), true],
    ['one that waits for a node stays', patient, pod({ phase: 'Pending' }), false],
    ['one of a node that others look after stays', patient, pod({ phase: 'Running' }, 'there'), false],
    ['one that has ended stays', patient, pod({ phase: 'Succeeded' }, 'here'), false],
    [
      'one of whose programs one has ended stays',
      patient,
      pod({ phase: 'Running', containerStatuses: [{ state: { terminated: {} } }, { state: { running: {} } }] }, 'here'),
      false,
    ],
    ['one of a Job that gives an index up stays', job({ backoffLimitPerIndex: 3 }), running, false],
    ['one of a Job that counts all together stays', job({ backoffLimit: 6 }), running, false],
    ['one of a Job that is to fail stays', job({ backoffLimitPerIndex: never, backoffLimit: 0 }), running, false],
    ['one of something else stays', patient, pod({ phase: 'Running' }, 'here', 'other'), false],
  ])('%s', (_, owner, each, isMadeAnew) => {
    expect(interruptedPods([owner], [each], new Set(['here']))).toEqual(isMadeAnew ? [each] : []);
  });
});

describe('a cluster that is started again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'again-'));
  let cluster: LocalKubernetes;
  let client: HttpKubernetesClient;
  const start = async () => {
    cluster = await startLocalKubernetes({ stateFolder: folder, nodes: [{ name: 'node-0' }] });
    client = new HttpKubernetesClient(readKubeconfig(cluster.kubeconfigPath), 'test');
  };
  afterAll(async () => {
    await cluster?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const jobs = { apiVersion: 'batch/v1', plural: 'jobs', namespace: 'default' };
  const podsOf = async (name: string) => {
    const all = await client.list(
      { apiVersion: 'v1', plural: 'pods', namespace: 'default' },
      { labelSelector: `job-name=${name}` },
    );
    return all.items as JobPod[];
  };
  const make = (name: string, backoffLimitPerIndex: number) =>
    client.create(jobs, {
      metadata: { name },
      spec: {
        completionMode: 'Indexed',
        completions: 1,
        backoffLimitPerIndex,
        template: {
          spec: {
            restartPolicy: 'Never',
            terminationGracePeriodSeconds: 0,
            containers: [{ name: 'main', image: 'host', command: ['sleep', '600'] }],
          },
        },
      },
    });
  const runningPod = (name: string, but = '') =>
    vi.waitFor(async () => {
      const found = (await podsOf(name)).find(
        ({ metadata, status }) => status?.phase === 'Running' && metadata.uid !== but,
      );
      expect(found).toBeDefined();
      return found!.metadata;
    }, 20_000);

  it('runs again what tries for ever, each time as if it had not failed', { timeout: 90_000 }, async () => {
    await start();
    await vi.waitFor(() => make('patient', never), 10_000);
    await make('counting', 1);
    let { uid } = await runningPod('patient');
    await runningPod('counting');
    for (let turn = 0; turn < 2; turn++) {
      await cluster.stop();
      await start();
      const next = await runningPod('patient', uid);
      expect(next.annotations).toMatchObject({ [failureCountKey]: '0' });
      expect(await podsOf('patient')).toHaveLength(1);
      uid = next.uid;
    }
    const job = (await client.get({ ...jobs, name: 'patient' })) as Job;
    expect(job.status).not.toHaveProperty('failed');
    await vi.waitFor(async () => {
      const phases = (await podsOf('counting')).map(({ status }) => status?.phase);
      expect(phases).toContain('Failed');
    }, 20_000);
  });
});
