/** The walkthrough of the README, typed with real kubectl and flux, on every kind of cluster there is here. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { findKubectl, runScenario, scenarios } from '@ebb/ebb/internal';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { embedded } from './clusters/embedded.ts';
import { real } from './clusters/real.ts';
import { runs, type TestCluster } from './clusters/test-cluster.ts';

const kubectl = await findKubectl();
const folder = mkdtempSync(join(tmpdir(), 'ebb-walkthrough-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

for (const kind of [embedded, real]) {
  describe.skipIf(!runs(kind))(`on ${kind.name}`, () => {
    let cluster: TestCluster;
    beforeAll(async () => {
      // Where Deployments are known, by the operators of the chart.
      cluster = await kind.start({ operator: kind === real ? 'installed' : true });
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
        const records = await runScenario(scenario, { folder, environment });
        const failed = records.find(({ ok }) => !ok);
        expect(failed && { typed: failed.typed, expected: failed.expected, stderr: failed.stderr }).toBeUndefined();
        expect(records).toHaveLength(scenario.steps.length);
      },
      600_000,
    );
  });
}
