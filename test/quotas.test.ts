/** A MiniCluster in a namespace with quotas: as many ranks as there is room for, the others when there is more. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kubectl } from './clusters/chart.ts';
import { embedded } from './clusters/embedded.ts';
import { real } from './clusters/real.ts';
import { seen } from './clusters/seen.ts';
import { runs, type TestCluster } from './clusters/test-cluster.ts';

const counted = 'count/miniclusters.flux-framework.org';

for (const kind of [embedded, real]) {
  describe.skipIf(!runs(kind))(`quotas on ${kind.name}`, () => {
    let running: TestCluster;
    const kube = (words: string, input = '') => kubectl(words.split(' '), running.kubeconfigPath, input);
    const make = (name: string) =>
      kube(
        'create -f -',
        JSON.stringify({
          apiVersion: 'flux-framework.org/v1alpha2',
          kind: 'MiniCluster',
          metadata: { name, namespace: 'small' },
          spec: { size: 4, interactive: true, containers: [{ image: 'rockylinux:9' }] },
        }),
      );
    const used = async (quota: string) =>
      JSON.parse((await kube(`get quota ${quota} -n small -o jsonpath={.status.used}`)) || '{}') as Record<
        string,
        string
      >;
    const says = (path: string) => kube(`get minicluster sample -n small -o jsonpath={${path}}`);

    beforeAll(async () => {
      running = await kind.start();
      await kube('create namespace small');
      await kube('create quota work -n small --hard=pods=2');
      await seen(async () => (await used('work'))['pods'] === '0');
      // A real controller learns of kinds in its own time, and looks at a quota once for all.
      await seen(async () => {
        await kube('delete quota kinds -n small --ignore-not-found');
        await kube(`create quota kinds -n small --hard=${counted}=1`);
        await seen(() => kube('get quota kinds -n small -o jsonpath={.status.hard}'));
        return counted in (await used('kinds'));
      });
      await make('sample');
    }, 1_200_000);
    afterAll(() => running?.stop());

    test('the ranks there is room for are up, and the Job says why the others are not', async () => {
      // Which one comes beside the lead is the outcome of a race: the Job asks for two more at once.
      await seen(async () => /^0[-,][1-3]$/.test(await says('.status.ranks.online')));
      expect(await used('work')).toEqual({ pods: '2' });
      const told = await kube(
        'get events -n small --field-selector reason=FailedCreate,involvedObject.kind=Job -o jsonpath={.items[*].message}',
      );
      expect(told).toMatch(
        /Error creating: pods "sample-[1-3]-\w{5}" is forbidden: exceeded quota: work, requested: pods=1, used: pods=2, limited: pods=2/,
      );
    });

    test('another MiniCluster is refused', async () => {
      await expect(make('other')).rejects.toThrow(
        `miniclusters.flux-framework.org "other" is forbidden: exceeded quota: kinds, requested: ${counted}=1, used: ${counted}=1, limited: ${counted}=1`,
      );
    });

    test('the others come when the quota is raised', async () => {
      await kube('patch quota work -n small --type=merge -p {"spec":{"hard":{"pods":"4"}}}');
      await seen(async () => (await says('.status.ranks.online')) === '0-3');
      expect(await used('work')).toEqual({ pods: '4' });
    });

    test('what goes is given back', async () => {
      await kube('delete minicluster sample -n small');
      await seen(async () => (await used('work'))['pods'] === '0' && (await used('kinds'))[counted] === '0');
    });
  });
}
