/** How a program ends is how its pod and its MiniCluster end, in every mode, and kubectl can wait for it. */
import { Cluster, configFrom, findKubectl, type KubernetesObject } from '@ebb/ebb/internal';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { embedded } from './clusters/embedded.ts';
import { real } from './clusters/real.ts';
import { runs, type TestCluster } from './clusters/test-cluster.ts';
import { ebb } from './commands/ebb-command.ts';

const kubectl = await findKubectl();

/** The container of each mode, for a program that ends with `code`, and the code that its end has. */
interface Mode {
  readonly container: object;
  /** Another container of the pod. */
  readonly beside?: object;
  /** The exit status of the program. */
  readonly ends: number;
  /** How the Job ends where it does not end as the program does. */
  readonly job?: 'Failed' | 'not at all';
}

const modes: Record<string, (code: number) => Mode> = {
  launcher: (code) => ({ container: { launcher: true, command: `sh -c 'exit ${code}'` }, ends: code }),
  // All tasks end so; the greatest status counts.
  command: (code) => ({ container: { command: `sh -c 'exit ${code}'` }, ends: code }),
  'run-command': (code) => ({
    container: { launcher: true, command: `flux run -N2 sh -c 'exit ${code}'` },
    ends: code,
  }),
  'batch-raw': (code) => ({
    container: { batch: true, batchRaw: true, command: `#!/bin/sh\nexit ${code}` },
    ends: code,
  }),
  // A container beside it that goes on holds the Job, not what the MiniCluster says.
  'beside-another': (code) => ({
    container: { launcher: true, command: `sh -c 'exit ${code}'` },
    beside: { name: 'other', image: 'rockylinux:9', command: 'sleep infinity' },
    ends: code,
    job: 'not at all',
  }),
  // One that fails makes the Job fail, and neither the Job nor the operator runs the program again.
  'beside-failing': (code) => ({
    container: { launcher: true, command: `sh -c 'exit ${code}'` },
    beside: { name: 'other', image: 'rockylinux:9', command: "sh -c 'exit 3'" },
    ends: code,
    job: 'Failed',
  }),
  // Of several jobs the greatest status counts.
  batch: (code) => ({ container: { batch: true, command: `true\nsh -c 'exit ${code}'` }, ends: code }),
};

for (const kind of [embedded, real]) {
  describe.skipIf(!runs(kind) || !kubectl)(`the end of a program on ${kind.name}`, () => {
    let running: TestCluster;
    let cluster: Cluster;
    let namespace: string;
    const kube = (...words: string[]) =>
      ebb(words, { program: kubectl!.path, environment: { KUBECONFIG: running.kubeconfigPath } });

    beforeAll(async () => {
      running = await kind.start();
      namespace = running.namespace;
      cluster = new Cluster(configFrom(running.kubeconfigPath));
    }, 1_200_000);
    afterAll(async () => {
      await running?.stop();
    });

    const find = (apiVersion: string, kind: string, name: string) =>
      cluster.find({ apiVersion, kind, metadata: { name, namespace } }) as Promise<
        KubernetesObject & { status: object }
      >;

    describe.each(Object.keys(modes))('%s', (mode) => {
      test.each([0, 5])('with status %i', async (code) => {
        const name = `${mode}-${code}`;
        const { container, beside, ends, job = ends === 0 ? 'Complete' : 'Failed' } = modes[mode]!(code);
        const containers = [{ image: 'rockylinux:9', runFlux: true, ...container }, ...(beside ? [beside] : [])];
        await cluster.apply({
          apiVersion: 'flux-framework.org/v1alpha2',
          kind: 'MiniCluster',
          metadata: { name, namespace },
          spec: { size: 2, logging: { quiet: true }, containers },
        });
        const waited = await kube('wait', '--for=condition=Finished', `minicluster/${name}`, '--timeout=90s');
        expect(waited).toMatchObject({
          code: 0,
          stdout: `minicluster.flux-framework.org/${name} condition met\n`,
        });
        const phase = ends === 0 ? 'Succeeded' : 'Failed';
        expect(await find('flux-framework.org/v1alpha2', 'MiniCluster', name)).toMatchObject({
          status: { phase, program: { state: phase, exitCode: ends } },
        });
        if (job !== 'not at all') {
          const { code: status, stderr } = await kube('wait', `--for=condition=${job}`, `job/${name}`, '--timeout=60s');
          expect(status, stderr).toBe(0);
        }
        const lead = await cluster.podOfRank({ namespace, name }, '0');
        expect(await find('v1', 'Pod', lead)).toMatchObject({
          status: {
            ...(beside ? {} : { phase }),
            containerStatuses: expect.arrayContaining([
              expect.objectContaining({
                name,
                state: { terminated: expect.objectContaining({ exitCode: ends }) },
              }),
            ]),
          },
        });
        // Told by the Job's Events: a Job that failed takes away the pods that still run.
        const made = `involvedObject.kind=Job,involvedObject.name=${name},reason=SuccessfulCreate`;
        await expect
          .poll(
            async () => (await kube('get', 'events', '--field-selector', made, '-o', 'name')).stdout.match(/^event/gm),
            {
              message: 'no pod was made twice',
              timeout: 30_000,
            },
          )
          .toHaveLength(2);
        await kube('delete', 'minicluster', name);
      });
    });

    test('a set-up that fails is tried again, and the MiniCluster says what failed', async () => {
      const name = 'no-licence';
      const commands = { init: 'echo "no licence" >&2; exit 5' };
      await cluster.apply({
        apiVersion: 'flux-framework.org/v1alpha2',
        kind: 'MiniCluster',
        metadata: { name, namespace },
        spec: { size: 1, interactive: true, containers: [{ image: 'rockylinux:9', commands }] },
      });
      const says = async () =>
        (await find('flux-framework.org/v1alpha2', 'MiniCluster', name)) as unknown as {
          status?: { phase: string; conditions: { type: string; message: string }[] };
        };
      await expect
        .poll(async () => (await says()).status?.conditions.find(({ type }) => type === 'Progressing')?.message, {
          timeout: 60_000,
        })
        .toMatch(
          /^0 of 1 pods run; pod no-licence-0-\w+: container no-licence ended with status 111: The set-up failed with status 5$/,
        );
      expect((await says()).status?.phase).toBe('Pending');
      await kube('delete', 'minicluster', name);
    });

    test('interactive: each program ends for who started it, and the MiniCluster runs on', async () => {
      const name = 'interactive';
      await cluster.apply({
        apiVersion: 'flux-framework.org/v1alpha2',
        kind: 'MiniCluster',
        metadata: { name, namespace },
        spec: { size: 2, interactive: true, containers: [{ image: 'rockylinux:9' }] },
      });
      // As Flux itself counts them: by then its modules are loaded.
      const up = '--for=jsonpath={.status.ranks.up}=2';
      expect((await kube('wait', up, `minicluster/${name}`, '--timeout=90s')).code).toBe(0);
      const environment = { KUBECONFIG: running.kubeconfigPath, EBB_HOME: '/nowhere' };
      for (const code of [0, 5]) {
        const words = ['sh', '-c', `exit ${code}`];
        const target = `${namespace}/${name}`;
        expect(await ebb(['flux', target, 'run', '-N2', ...words], { environment })).toMatchObject({
          stderr: expect.not.stringMatching(/^ebb:/),
          code,
        });
        expect(await ebb(['exec', target, '--', ...words], { environment })).toMatchObject({
          stderr: expect.not.stringMatching(/^ebb:/),
          code,
        });
      }
      const waited = await kube('wait', '--for=condition=Finished', `minicluster/${name}`, '--timeout=1s');
      expect(waited).toMatchObject({
        code: 1,
        stderr: `error: timed out waiting for the condition on miniclusters/${name}\n`,
      });
      expect(await find('flux-framework.org/v1alpha2', 'MiniCluster', name)).toMatchObject({
        status: { phase: 'Running' },
      });
    });
  });
}
