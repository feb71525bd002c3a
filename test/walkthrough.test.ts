/** The walkthrough of the README, typed with real kubectl and flux, on every kind of cluster there is here. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { Cluster, configFrom, findKubectl, runScenario, scenarios } from '@ebb/ebb/internal';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { embedded } from './clusters/embedded.ts';
import { real } from './clusters/real.ts';
import { seen } from './clusters/seen.ts';
import { runs, type TestCluster } from './clusters/test-cluster.ts';
import { isBroker, processesOf } from './soak/processes.ts';

const kubectl = await findKubectl();
const folder = mkdtempSync(join(tmpdir(), 'ebb-walkthrough-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

for (const kind of [embedded, real]) {
  describe.skipIf(!runs(kind))(`on ${kind.name}`, () => {
    let cluster: TestCluster;
    beforeAll(async () => {
      // Where Deployments are known, by the operators of the chart.
      cluster = await kind.start({ operator: kind === real ? 'installed' : true });
      if (await findSample(cluster))
        throw new Error('kubectl delete minicluster flux-sample -n flux-operator: the walkthrough makes its own');
    }, 1_200_000);
    afterAll(async () => {
      await cluster?.stop();
    });

    test.each(scenarios.map((scenario) => [scenario.name, scenario] as const))(
      '%s',
      async (_, scenario) => {
        const environment = {
          ...process.env,
          KUBECONFIG: cluster.kubeconfigPath,
          PATH: `${dirname(kubectl!.path)}${delimiter}${process.env['PATH']}`,
        };
        let brokers = 0;
        const looking = setInterval(() => {
          brokers = Math.max(brokers, brokersOf(cluster).length);
        }, 500);
        const records = await runScenario(scenario, { folder, environment }).finally(() => clearInterval(looking));
        // What a scenario that failed leaves must not fail the next.
        if (!records.every(({ ok }) => ok)) await deleteSample(cluster);
        const failed = records.find(({ ok }) => !ok);
        expect(failed && { typed: failed.typed, expected: failed.expected, stderr: failed.stderr }).toBeUndefined();
        expect(records).toHaveLength(scenario.steps.length);
        // The last step has seen its objects go.
        if (cluster.folder !== undefined) expect(brokers).toBeGreaterThan(0);
        await seen(async () => brokersOf(cluster).length === 0);
      },
      600_000,
    );
  });
}

const sample = {
  apiVersion: 'flux-framework.org/v1alpha2',
  kind: 'MiniCluster',
  metadata: { name: 'flux-sample', namespace: 'flux-operator' },
};

const findSample = ({ kubeconfigPath }: TestCluster) => new Cluster(configFrom(kubeconfigPath)).find(sample);

async function deleteSample(cluster: TestCluster): Promise<void> {
  await new Cluster(configFrom(cluster.kubeconfigPath)).delete(sample, 'Foreground');
  await seen(async () => (await findSample(cluster)) === undefined);
}

/** Processes of brokers, and of who talks to them, that run on this machine for a cluster. */
function brokersOf({ folder }: TestCluster): string[] {
  if (folder === undefined) return [];
  return processesOf(folder)
    .filter((each) => isBroker(each) || /\/flux\.js /.test(each.command))
    .map(({ command }) => command);
}
