/**
 * The way of docs/from-upstream.md: a MiniCluster that the upstream operator made and runs is taken over without a pod or a
 * Job being made anew, and resized. Runs where the upstream operator's program `manager` is on PATH and
 * EBB_UPSTREAM_CHECKOUT names the repository that it was built from.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateCertificate, printCertificate } from '@ebb/flux-broker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kubectl, rolledOut } from '../clusters/chart.ts';
import { realBuiltHere } from '../clusters/real.ts';
import { seen } from '../clusters/seen.ts';
import type { TestCluster } from '../clusters/test-cluster.ts';
import { OperatorProcess } from './operator-process.ts';
import { upstreamCheckout, upstreamManager } from './upstream-manager.ts';

const manifest = join(import.meta.dirname, '..', '..', 'deploy', 'dist', 'ebb-operator.yaml');
/** With a certificate of its own: a manager that was built without libczmq makes none. */
async function sample(): Promise<string> {
  const curveCert = printCertificate(await generateCertificate({ name: 'sample' }));
  return JSON.stringify({
    apiVersion: 'flux-framework.org/v1alpha2',
    kind: 'MiniCluster',
    metadata: { name: 'sample', namespace: 'work' },
    spec: { size: 2, maxSize: 3, interactive: true, flux: { curveCert }, containers: [{ image: 'rockylinux:9' }] },
  });
}

describe.skipIf(!upstreamManager || !upstreamCheckout || realBuiltHere.missing)('moving over from upstream', () => {
  let folder: string;
  let cluster: TestCluster;
  let theirs: OperatorProcess;
  const kube = (words: string, input = '') => kubectl(words.split(' '), cluster.kubeconfigPath, input);
  const of = (jsonpath: string) => kube(`get minicluster sample -n work -o jsonpath={${jsonpath}}`);
  /** What must not change: the Job, and the pods with their restarts. */
  const running = async () => {
    const items = '{range .items[*]}{.metadata.name} {.metadata.uid} {.status.containerStatuses[0].restartCount};{end}';
    const jobs = '{range .items[*]}{.metadata.uid} {.metadata.generation};{end}';
    return [
      await kubectl(['get', 'pods', '-n', 'work', '-o', `jsonpath=${items}`], cluster.kubeconfigPath),
      await kubectl(['get', 'jobs', '-n', 'work', '-o', `jsonpath=${jobs}`], cluster.kubeconfigPath),
    ];
  };
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ebb-take-over-'));
    cluster = await realBuiltHere.start({ operator: false });
    await kube('delete crd miniclusters.flux-framework.org');
    await kube(`create -f ${upstreamCheckout}/config/crd/bases/flux-framework.org_miniclusters.yaml`);
    await kube('wait --for=condition=Established crd/miniclusters.flux-framework.org --timeout=30s');
    const command = `${upstreamManager} --metrics-bind-address 0 --health-probe-bind-address 0`;
    theirs = new OperatorProcess(command, cluster.kubeconfigPath, join(folder, 'theirs.log'));
    await kube('create namespace work');
  }, 1_200_000);
  afterAll(async () => {
    await theirs?.stop();
    await cluster?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('the upstream operator makes a MiniCluster', async () => {
    await kube('create -f -', await sample());
    await seen(async () => (await kube('get job sample -n work -o jsonpath={.status.ready}').catch(() => '')) === '2');
    await seen(async () => /online: sample-\[0-1\]/.test(await kube('logs -n work job/sample').catch(() => '')));
  });

  test('Ebb’s takes it over as it runs', async () => {
    const before = await running();
    await theirs.stop();
    await kube(`apply --server-side --force-conflicts -f ${manifest}`);
    await rolledOut(cluster.kubeconfigPath);
    await kube('wait --for=condition=Ready minicluster/sample -n work --timeout=120s');
    await seen(async () => (await of('.status.ranks.up')) === '2');
    expect(await of('.status.phase')).toBe('Running');
    expect(await running()).toEqual(before);
  });

  test('and resizes it, also to a size above the maximum, which is denied', async () => {
    const [first] = (await running())[0]!.split(';');
    await kube('scale minicluster/sample -n work --replicas=3');
    await seen(async () => (await of('.status.ranks.up')) === '3');
    await kube('scale minicluster/sample -n work --replicas=7');
    await seen(async () => (await of('.spec.size')) === '3');
    await kube('scale minicluster/sample -n work --replicas=1');
    await seen(async () => (await of('.status.ranks.up')) === '1');
    await seen(async () => (await running())[0] === `${first};`);
    await kube('delete minicluster sample -n work --timeout=60s');
    await seen(async () => (await kube('get jobs,pods,services,configmaps -n work -o name')).match(/sample/) === null);
  });
});
