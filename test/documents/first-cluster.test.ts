/**
 * docs/first-cluster.md, typed as it stands on a real control plane. Lines for minikube, kind and docker are left out: they
 * make a machine, a cluster or an image.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { realBuiltHere } from '../clusters/real.ts';
import { seen } from '../clusters/seen.ts';
import { runs, type TestCluster } from '../clusters/test-cluster.ts';
import { blocksOf, forTheCluster } from './document.ts';
import { Shell } from './shell.ts';

const page = 'docs/first-cluster.md';

test('the file for kind is one of a cluster of four nodes', () => {
  const [, file = ''] = /^cat > kind.yaml <<EOF\n(.*?)^EOF$/ms.exec(blocksOf(page, 'kind')[0]!) ?? [];
  const { kind, nodes } = parse(file) as { kind: string; nodes: { role: string }[] };
  expect([kind, ...nodes.map(({ role }) => role)]).toEqual(['Cluster', 'control-plane', 'worker', 'worker', 'worker']);
});

describe.skipIf(!runs(realBuiltHere))('docs/first-cluster.md on a real control plane', () => {
  let cluster: TestCluster;
  let shell: Shell;
  const typed = (heading: string, index = 0) => shell.type(forTheCluster(blocksOf(page, heading)[index]!));
  const up = (ranks: number) =>
    seen(async () => {
      const words = 'kubectl get minicluster flux-sample -n flux-operator -o jsonpath={.status.ranks.up}';
      return (await shell.type(words)) === `${ranks}`;
    });
  beforeAll(async () => {
    cluster = await realBuiltHere.start({ operator: false });
    shell = await Shell.open(cluster.kubeconfigPath);
    await shell.type('kubectl delete crd miniclusters.flux-framework.org');
  }, 1_200_000);
  afterAll(async () => {
    shell?.close();
    await cluster?.stop();
  });

  test('kind and minikube: the operator is installed', async () => {
    const lines = forTheCluster(blocksOf(page, 'minikube')[0]!);
    expect(lines).toBe(forTheCluster(blocksOf(page, 'kind')[0]!));
    expect(await shell.type(lines)).toContain('successfully rolled out');
  });

  test('what troubleshooting quotes of kubectl and helm is what they say', async () => {
    const refused = (line: string) => shell.type(line).then(String, (error: Error) => error.message);
    const install = 'helm install ebb-operator deploy/chart/ebb-operator -n operator-system';
    expect(await refused('kubectl apply --server-side -f deploy/dist/ebb-operator.yaml')).toMatch(
      /Apply failed with .* conflicts/,
    );
    expect(await refused(install)).toContain('invalid ownership metadata');
    expect(await refused(`${install} --take-ownership`)).toContain('conflict occurred while applying object');
    await shell.type(
      'helm uninstall ebb-operator -n operator-system && kubectl apply -f deploy/dist/ebb-operator.yaml',
    );
    expect(await refused(`${install} --set nope=1`)).toContain("values don't meet the specifications of the schema(s)");
    const older = 'helm template ebb-operator deploy/chart/ebb-operator --kube-version 1.26';
    expect(await refused(older)).toContain('chart requires kubeVersion: >=1.27.0-0');
    await shell.type('kubectl rollout status deployment/ebb-operator -n operator-system --timeout=180s');
  });

  test('the first MiniCluster: it is Ready, and Flux in it lists four nodes', async () => {
    expect(await typed('The first MiniCluster')).toContain('minicluster.flux-framework.org/flux-sample condition met');
    const [pods, enter, ...inside] = blocksOf(page, 'The first MiniCluster')[1]!.trim().split('\n');
    const lead = /^flux-sample-0-\w+/m.exec(await shell.type(pods!))![0];
    expect(enter).toContain('flux-sample-0-xxxxx');
    const words = enter!.replace('flux-sample-0-xxxxx', lead);
    expect(await shell.type(`${words} <<'EOF'\n${inside.join('\n')}\nEOF`)).toMatch(/free +4 /);
  });

  test('it is resized, and may be by an autoscaler', async () => {
    const said = await typed('Resize');
    await up(3);
    const { status } = parse(said.slice(said.indexOf('apiVersion:'))) as { status: object };
    expect(Object.keys(status)).toEqual(expect.arrayContaining(['conditions', 'ranks']));
    await shell.type('kubectl scale minicluster/flux-sample -n flux-operator --replicas 5');
    await seen(async () => (await shell.type('kubectl get events -n flux-operator')).includes('ResizeDenied'));
    await typed('Resize', 1);
    const scaler = 'kubectl get hpa flux-sample -n flux-operator -o jsonpath={.spec.minReplicas}-{.spec.maxReplicas}';
    expect(await shell.type(scaler)).toBe('1-4');
  });

  test('a managed cluster: helm installs it under the name of a registry', async () => {
    await shell.type('kubectl delete -f deploy/dist/ebb-operator.yaml --timeout=120s');
    const lines = forTheCluster(blocksOf(page, 'On a managed cloud cluster')[0]!);
    // The nodes here have the image under this name.
    await shell.type(lines.replaceAll('REGISTRY', 'ghcr.io/ebb-project'));
    await shell.type('kubectl rollout status deployment/ebb-operator -n operator-system --timeout=180s');
    await shell.type('helm uninstall ebb-operator -n operator-system --wait');
  });

  test('some namespaces only: an administrator applies the API, and Roles are enough', async () => {
    await shell.type('kubectl create namespace mine');
    await typed('On a managed cloud cluster', 1);
    await shell.type('kubectl rollout status deployment/ebb-operator -n mine --timeout=180s');
    expect(await shell.type('kubectl get clusterroles -o name')).not.toContain('ebb');
    const sample = '{sub(/namespace: .*/, "namespace: mine"); print}';
    await shell.type(`awk '${sample}' examples/basic/minicluster.yaml | kubectl apply -f -`);
    await shell.type('kubectl wait --for=condition=Ready minicluster/flux-sample -n mine --timeout=120s');
  });
});
