/**
 * The way of docs/from-upstream.md, typed as it stands there: a MiniCluster that the upstream operator made and runs is
 * taken over without a pod or a Job being made anew, and resized. Runs where the upstream operator's program `manager` is on PATH and
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
import { blocksOf, commandsOf } from '../documents/document.ts';
import { Shell } from '../documents/shell.ts';
import { OperatorProcess } from './operator-process.ts';
import { upstreamCheckout, upstreamManager } from './upstream-manager.ts';

const page = 'docs/from-upstream.md';
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

const theirManifest = `${upstreamCheckout}/examples/dist/flux-operator.yaml`;

describe.skipIf(!upstreamManager || !upstreamCheckout || realBuiltHere.missing)('moving over from upstream', () => {
  let folder: string;
  let cluster: TestCluster;
  let theirs: OperatorProcess;
  let shell: Shell;
  /** The command of the page that begins so. */
  const typed = (beginning: string, word = 'kubectl') => {
    const command = commandsOf(page, word).find((each) => each.startsWith(beginning));
    if (!command) throw new Error(`${page} does not tell to type ${beginning}`);
    return shell.type(command);
  };
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
    shell = await Shell.open(cluster.kubeconfigPath);
    await kube('delete crd miniclusters.flux-framework.org');
    // What its users have installed. Its image is nowhere here: the program itself acts below.
    await kube(`create -f ${theirManifest}`);
    await kube('wait --for=condition=Established crd/miniclusters.flux-framework.org --timeout=30s');
    const command = `${upstreamManager} --metrics-bind-address 0 --health-probe-bind-address 0`;
    theirs = new OperatorProcess(command, cluster.kubeconfigPath, join(folder, 'theirs.log'));
    await kube('create namespace work');
  }, 1_200_000);
  afterAll(async () => {
    await theirs?.stop();
    shell?.close();
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
    await typed('kubectl scale deployment operator-controller-manager');
    await theirs.stop();
    await typed('kubectl apply --server-side --force-conflicts');
    await rolledOut(cluster.kubeconfigPath);
    await kube('wait --for=condition=Ready minicluster/sample -n work --timeout=120s');
    await seen(async () => (await of('.status.ranks.up')) === '2');
    expect(await typed('kubectl get miniclusters -A')).toMatch(/^work +sample +2 +3 +2 +Running /m);
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
  });

  test('what is left of upstream is deleted by name, and helm takes over what was applied', async () => {
    const before = await running();
    await shell.type(blocksOf(page, 'Moving over from the upstream operator')[0]!);
    const left = await kube(`get -f ${theirManifest} --ignore-not-found -o name`);
    expect(left.trim().split('\n').sort()).toEqual([
      'customresourcedefinition.apiextensions.k8s.io/miniclusters.flux-framework.org',
      'namespace/operator-system',
    ]);
    await typed('helm install', 'helm');
    await rolledOut(cluster.kubeconfigPath);
    await kube('scale minicluster/sample -n work --replicas=2');
    await seen(async () => (await of('.status.ranks.up')) === '2');
    expect((await running())[0]).toContain(before[0]);
    await kube('delete minicluster sample -n work --timeout=60s');
    await seen(async () => (await kube('get jobs,pods,services,configmaps -n work -o name')).match(/sample/) === null);
  });
});
