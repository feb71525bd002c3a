/** The Helm chart: what it renders, and its life on a real control plane with MiniClusters running through it. */
import { execFile } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findKubectl, packagedTool } from '@ebb/ebb/internal';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { realBuiltHere } from './clusters/real.ts';
import { seen } from './clusters/seen.ts';
import { runs, type TestCluster } from './clusters/test-cluster.ts';

const chart = join(import.meta.dirname, '..', 'deploy', 'chart', 'ebb-operator');
const [helm, kubectl] = await Promise.all([packagedTool('helm'), findKubectl()]);
const folder = mkdtempSync(join(tmpdir(), 'ebb-chart-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Rendered {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Record<string, string> };
  readonly [field: string]: unknown;
}

async function typed(program: string, words: readonly string[], input = '', kubeconfig?: string): Promise<string> {
  const environment = { ...process.env, HELM_CACHE_HOME: folder, HELM_CONFIG_HOME: folder, HELM_DATA_HOME: folder };
  const child = promisify(execFile)(program, words, {
    env: { ...environment, ...(kubeconfig ? { KUBECONFIG: kubeconfig } : {}) },
    maxBuffer: 64 * 1024 * 1024,
  });
  child.child.stdin!.end(input);
  return (await child).stdout;
}

async function rendered(...words: string[]): Promise<Rendered[]> {
  const text = await typed(helm!.path, ['template', 'ebb-operator', chart, '--namespace', 'operator-system', ...words]);
  return parseAllDocuments(text).flatMap((document) => (document.toJS() ? [document.toJS() as Rendered] : []));
}

describe('the chart', () => {
  test.each([
    ['by default', []],
    ['for two namespaces', ['--set', 'namespaces={one,two}']],
    ['with all that is optional', ['--set', 'metrics.serviceMonitor.enabled=true,metrics.dashboard.enabled=true']],
  ])('passes lint %s', async (_, words) => {
    expect(await typed(helm!.path, ['lint', '--strict', chart, ...words])).toContain('0 chart(s) failed');
  });

  test('gives the operator what a careful cluster asks for', async () => {
    const objects = await rendered();
    const deployment = objects.find(({ kind }) => kind === 'Deployment')!;
    const { replicas, template } = deployment['spec'] as {
      replicas: number;
      template: { spec: Record<string, unknown> };
    };
    expect(replicas).toBe(2);
    const [container] = template.spec['containers'] as Record<string, unknown>[];
    expect(template.spec).toMatchObject({
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      topologySpreadConstraints: [expect.objectContaining({ topologyKey: 'kubernetes.io/hostname' })],
    });
    expect(container).toMatchObject({
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
      livenessProbe: expect.anything(),
      readinessProbe: expect.anything(),
      resources: { requests: expect.anything(), limits: expect.anything() },
    });
    expect(objects.map(({ kind }) => kind)).toContain('PodDisruptionBudget');
  });

  test('has Roles in the namespaces it is for, and no right in others', async () => {
    const objects = await rendered('--set', 'namespaces={one,two}');
    const roles = objects.filter(({ kind }) => kind === 'Role').map(({ metadata }) => metadata.namespace);
    expect(roles).toEqual(expect.arrayContaining(['one', 'two']));
    const bound = objects.filter(({ kind }) => kind === 'ClusterRoleBinding');
    const granted = bound.map((binding) => (binding['roleRef'] as { name: string }).name);
    for (const name of granted) {
      const role = objects.find(({ kind, metadata }) => kind === 'ClusterRole' && metadata.name === name)!;
      const verbs = (role['rules'] as { verbs: string[] }[]).flatMap((rule) => rule.verbs);
      expect(verbs.filter((verb) => !['get', 'list', 'watch'].includes(verb))).toEqual([]);
    }
  });

  test('brings the dashboard to Grafana when asked', async () => {
    const objects = await rendered('--set', 'metrics.dashboard.enabled=true');
    const map = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.endsWith('-dashboard'))!;
    expect(map.metadata.labels).toMatchObject({ grafana_dashboard: '1' });
    const data = map['data'] as Record<string, string>;
    const file = readFileSync(join(chart, 'files', 'dashboard.json'), 'utf8');
    expect(JSON.parse(data['ebb-miniclusters.json']!)).toEqual(JSON.parse(file));
  });

  test('keeps the API when it is uninstalled', async () => {
    const definition = (await rendered()).find(({ kind }) => kind === 'CustomResourceDefinition')!;
    expect(definition.metadata).toMatchObject({ annotations: { 'helm.sh/resource-policy': 'keep' } });
  });

  test('refuses a value that there is not', async () => {
    await expect(rendered('--set', 'replica=3')).rejects.toThrow(/replica/);
    await expect(rendered('--set', 'metrics.port=zero')).rejects.toThrow(/metrics\/port|metrics\.port/);
  });
});

const sample = (name: string, namespace: string) =>
  stringify({
    apiVersion: 'flux-framework.org/v1alpha2',
    kind: 'MiniCluster',
    metadata: { name, namespace },
    spec: { size: 2, maxSize: 3, interactive: true, containers: [{ image: 'rockylinux:9' }] },
  });

describe.skipIf(!runs(realBuiltHere) || !helm || !kubectl)('the chart on a real control plane', () => {
  let cluster: TestCluster;
  const helmDoes = (...words: string[]) => typed(helm!.path, words, '', cluster.kubeconfigPath);
  const kube = (words: string, input = '') => typed(kubectl!.path, words.split(' '), input, cluster.kubeconfigPath);
  const rolledOut = () => kube('rollout status deployment/ebb-operator -n operator-system --timeout=120s');
  /** Uids and restarts of all that a MiniCluster runs: what must not change. */
  const running = async (namespace: string) => {
    const pods = parse(await kube(`get pods -n ${namespace} -o yaml`)) as {
      items: { metadata: { name: string; uid: string }; status: { containerStatuses: { restartCount: number }[] } }[];
    };
    return pods.items.map(({ metadata, status }) => [
      metadata.name,
      metadata.uid,
      status.containerStatuses.map(({ restartCount }) => restartCount).join(),
    ]);
  };

  beforeAll(async () => {
    const built = join(import.meta.dirname, '..', 'packages', 'operator', 'dist');
    // Where a user who is not root can read it, as the image has it.
    const program = join(folder, 'operator.js');
    chmodSync(folder, 0o755);
    cpSync(built, folder, { recursive: true, filter: (path) => !path.endsWith('.map') });
    const entrypoint = ['node', program];
    cluster = await realBuiltHere.start({
      operator: false,
      images: [{ image: 'ghcr.io/ebb-project/ebb-operator:*', root: 'host', entrypoint }],
    });
    await kube('delete crd miniclusters.flux-framework.org');
    for (const namespace of ['work', 'other']) await kube(`create namespace ${namespace}`);
  }, 1_200_000);
  afterAll(() => cluster?.stop());

  test('an upgrade leaves MiniClusters as they run, and the new operator looks after them', async () => {
    await helmDoes('install', 'ebb-operator', chart, '-n', 'operator-system', '--create-namespace');
    await rolledOut();
    await kube('apply -f -', sample('sample', 'work'));
    await kube('wait --for=condition=Ready minicluster/sample -n work --timeout=120s');
    const before = await running('work');
    expect(before).toHaveLength(2);
    const job = await kube('get job sample -n work -o jsonpath={.metadata.uid}/{.metadata.generation}');

    const next = join(folder, 'next');
    cpSync(chart, next, { recursive: true });
    const about = parse(readFileSync(join(chart, 'Chart.yaml'), 'utf8')) as Record<string, string>;
    writeFileSync(join(next, 'Chart.yaml'), stringify({ ...about, version: '99.0.0', appVersion: '99.0.0' }));
    await helmDoes('upgrade', 'ebb-operator', next, '-n', 'operator-system', '--set', 'logLevel=debug');
    await rolledOut();
    const image = await kube('get pods -n operator-system -o jsonpath={.items[*].spec.containers[*].image}');
    await seen(async () => !(await kube('get pods -n operator-system -o name')).match(/(pod\/\S+\s*){3}/));
    expect(image).toContain(':99.0.0');

    expect(await running('work')).toEqual(before);
    expect(await kube('get job sample -n work -o jsonpath={.metadata.uid}/{.metadata.generation}')).toBe(job);
    await kube('scale minicluster/sample -n work --replicas=3');
    await seen(async () => (await kube('get minicluster sample -n work -o jsonpath={.status.ranks.up}')) === '3');
  }, 240_000);

  test('uninstalling keeps the API and what runs; the next installation goes on', async () => {
    const before = await running('work');
    await helmDoes('uninstall', 'ebb-operator', '-n', 'operator-system', '--wait');
    expect(await kube('get crd miniclusters.flux-framework.org -o name')).toContain('miniclusters.flux-framework.org');
    expect(await running('work')).toEqual(before);
  }, 240_000);

  test('for one namespace it needs no right elsewhere, and leaves what is elsewhere alone', async () => {
    const words = ['--set', 'namespaces={work}', '--take-ownership'];
    await helmDoes('install', 'ebb-operator', chart, '-n', 'operator-system', ...words);
    await rolledOut();
    await kube('apply -f -', sample('stranger', 'other'));
    await kube('scale minicluster/sample -n work --replicas=1');
    await seen(async () => (await kube('get minicluster sample -n work -o jsonpath={.status.ranks.up}')) === '1');
    const account = 'system:serviceaccount:operator-system:ebb-operator';
    const may = (verb: string, namespace: string) =>
      kube(`auth can-i ${verb} jobs -n ${namespace} --as=${account}`).then(
        (answer) => answer.trim(),
        (error: { stdout: string }) => error.stdout.trim(),
      );
    expect(await Promise.all([may('create', 'work'), may('create', 'other'), may('list', 'other')])).toEqual([
      'yes',
      'no',
      'no',
    ]);
    expect(await kube('get jobs -n other -o name')).toBe('');
    expect(await kube('get minicluster stranger -n other -o jsonpath={.status}')).toBe('');
    expect(await kube('logs deployment/ebb-operator -n operator-system')).not.toContain('forbidden');
  }, 240_000);
});
