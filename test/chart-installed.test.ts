/** The chart installed: its operators in pods, killed, upgraded, uninstalled and for one namespace, with MiniClusters running through it. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { chart, helm, installChart, kubectl, rolledOut } from './clusters/chart.ts';
import { embedded } from './clusters/embedded.ts';
import { startOperatorAsAccount } from './clusters/operator-account.ts';
import { realBuiltHere } from './clusters/real.ts';
import { seen } from './clusters/seen.ts';
import { runs, type TestCluster } from './clusters/test-cluster.ts';

const folder = mkdtempSync(join(tmpdir(), 'ebb-chart-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sample = (name: string, namespace: string) =>
  stringify({
    apiVersion: 'flux-framework.org/v1alpha2',
    kind: 'MiniCluster',
    metadata: { name, namespace },
    spec: { size: 2, maxSize: 3, interactive: true, containers: [{ image: 'rockylinux:9' }] },
  });

describe('the chart for one namespace on the embedded Kubernetes, which has no Deployments', () => {
  let cluster: TestCluster;
  let operator: Awaited<ReturnType<typeof startOperatorAsAccount>> | undefined;
  const kube = (words: string, input = '') => kubectl(words.split(' '), cluster.kubeconfigPath, input);
  beforeAll(async () => {
    cluster = await embedded.start({ operator: false });
    for (const namespace of ['work', 'other']) await kube(`create namespace ${namespace}`);
    operator = await startOperatorAsAccount(cluster.kubeconfigPath, folder, ['work']);
  });
  afterAll(() => cluster?.stop());

  test('its rights are enough there, and it leaves what is elsewhere alone', async () => {
    await kube('apply -f -', sample('stranger', 'other'));
    await kube('apply -f -', sample('sample', 'work'));
    await kube('wait --for=condition=Ready minicluster/sample -n work --timeout=120s');
    await kube('scale minicluster/sample -n work --replicas=1');
    await seen(async () => (await kube('get minicluster sample -n work -o jsonpath={.status.ranks.up}')) === '1');
    expect(await kube('get networkpolicy -n work -o name')).toContain('networkpolicy.networking.k8s.io/sample-brokers');
    expect(await kube('get jobs -n other -o name')).toBe('');
    const account = 'system:serviceaccount:operator-system:ebb-operator';
    const other = await kube(`auth can-i list jobs -n other --as=${account}`).catch(({ stdout }) => stdout as string);
    expect(other.trim()).toBe('no');
    // Says which right it lacked, if it lacked one.
    await operator?.stop();
  });
});

describe.skipIf(!runs(realBuiltHere))('the chart on a real control plane', () => {
  let cluster: TestCluster;
  const helmDoes = (...words: string[]) => helm(words, cluster.kubeconfigPath);
  const kube = (words: string, input = '') => kubectl(words.split(' '), cluster.kubeconfigPath, input);
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
    cluster = await realBuiltHere.start({ operator: false });
    await kube('delete crd miniclusters.flux-framework.org');
    for (const namespace of ['work', 'other']) await kube(`create namespace ${namespace}`);
  }, 1_200_000);
  afterAll(() => cluster?.stop());

  test('an upgrade leaves MiniClusters as they run, and the new operator looks after them', async () => {
    await installChart(cluster.kubeconfigPath);
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
    await rolledOut(cluster.kubeconfigPath);
    const image = await kube('get pods -n operator-system -o jsonpath={.items[*].spec.containers[*].image}');
    await seen(async () => !(await kube('get pods -n operator-system -o name')).match(/(pod\/\S+\s*){3}/));
    expect(image).toContain(':99.0.0');

    expect(await running('work')).toEqual(before);
    expect(await kube('get job sample -n work -o jsonpath={.metadata.uid}/{.metadata.generation}')).toBe(job);
    await kube('scale minicluster/sample -n work --replicas=3');
    await seen(async () => (await kube('get minicluster sample -n work -o jsonpath={.status.ranks.up}')) === '3');
  }, 240_000);

  test('the leader is killed: the other replica leads within seconds, and the killed one comes back', async () => {
    const leader = () => kube('get lease ebb-operator -n operator-system -o jsonpath={.spec.holderIdentity}');
    const before = await leader();
    const [pod] = before.split('_');
    process.kill(processWith(`POD_NAME=${pod}`), 'SIGKILL');
    await kube('scale minicluster/sample -n work --replicas=2');
    await seen(async () => !['', before].includes(await leader()));
    await seen(async () => (await kube('get minicluster sample -n work -o jsonpath={.status.ranks.up}')) === '2');
    await rolledOut(cluster.kubeconfigPath);
    const restarts = `get pod ${pod} -n operator-system -o jsonpath={.status.containerStatuses[0].restartCount}`;
    expect(await kube(restarts)).toBe('1');
  }, 240_000);

  test('what it serves is what the probes and Prometheus ask for; its own files it cannot change', async () => {
    const pods = (await kube('get pods -n operator-system -o jsonpath={.items[*].metadata.name}')).split(' ');
    const within = (pod: string, script: string) =>
      kubectl(['exec', '-n', 'operator-system', pod, '--', '/nodejs/bin/node', '-e', script], cluster.kubeconfigPath);
    const leading = pods.map(async (pod) => {
      const text = await within(
        pod,
        'fetch("http://127.0.0.1:8080/metrics").then(async (a) => console.log(await a.text()))',
      );
      return /^ebb_operator_leading 1$/m.test(text);
    });
    expect((await Promise.all(leading)).sort()).toEqual([false, true]);
    const script =
      'try { fs.writeFileSync("/app/operator.js", ""); } catch (e) { console.log(e.code, process.getuid()) }';
    expect(await within(pods[0]!, script)).toBe('EROFS 65532\n');
  }, 240_000);

  test('uninstalling keeps the API and what runs; the next installation goes on', async () => {
    const before = await running('work');
    await helmDoes('uninstall', 'ebb-operator', '-n', 'operator-system', '--wait');
    expect(await kube('get crd miniclusters.flux-framework.org -o name')).toContain('miniclusters.flux-framework.org');
    expect(await running('work')).toEqual(before);
  }, 240_000);

  test('for one namespace it needs no right elsewhere, and leaves what is elsewhere alone', async () => {
    const words = ['--set', 'namespaces={work}', '--take-ownership'];
    await installChart(cluster.kubeconfigPath, words);
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

/** The process of this machine that has this line in its environment. @throws Error when there is none */
function processWith(variable: string): number {
  for (const entry of readdirSync('/proc')) {
    try {
      const environment = readFileSync(`/proc/${entry}/environ`, 'utf8').split('\0');
      if (/^\d+$/.test(entry) && environment.includes(variable)) return Number(entry);
    } catch {
      // Not a process, or it ended meanwhile.
    }
  }
  throw new Error(`no process has ${variable}`);
}
