/**
 * Many MiniClusters at once: how long until every Job is right, and what the operator asked the API server for.
 *
 *   KUBECONFIG=... npx tsx bench/operator.ts [MINICLUSTERS=100]
 *
 * It needs a cluster with the CRD, and a namespace `ebb-bench` that it makes and removes. Pods need not run: it measures
 * the operator. Another operator can be measured by starting it by hand and giving `--no-operator`; then only times count.
 */
import { pino } from 'pino';
import { loadConnection } from '../packages/operator/src/kubernetes/connection.ts';
import { HttpKubernetesApi } from '../packages/operator/src/kubernetes/http-api.ts';
import { jobs, miniClusters } from '../packages/operator/src/kubernetes/resources.ts';
import { startOperator } from '../packages/operator/src/operator.ts';

const namespace = 'ebb-bench';
const count = Number(process.argv.slice(2).find((word) => /^\d+$/.test(word)) ?? 100);
const api = new HttpKubernetesApi(await loadConnection());
const namespaces = { apiVersion: 'v1', kind: 'Namespace', plural: 'namespaces' };

await fetchNamespace();
const operator = process.argv.includes('--no-operator')
  ? undefined
  : await startOperator({ namespaces: [namespace], log: pino({ level: 'warn' }) });
const names = Array.from({ length: count }, (_, index) => `bench-${index}`);

await stage(`create ${count} of size 2`, 2, () =>
  Promise.all(
    names.map((name) =>
      api.create({
        apiVersion: miniClusters.apiVersion,
        kind: miniClusters.kind,
        metadata: { name, namespace },
        spec: { size: 2, maxSize: 4, interactive: true, containers: [{ image: 'none' }] },
      }),
    ),
  ),
);
for (const size of [4, 3]) {
  await stage(`resize to ${size}`, size, () =>
    Promise.all(names.map((name) => api.patch(miniClusters, namespace, name, { spec: { size } }))),
  );
}
await stage('rest for 20 s', 3, () => new Promise((resolve) => setTimeout(resolve, 20_000)));
await Promise.all(names.map((name) => api.delete(miniClusters, namespace, name)));
await until(async () => (await api.list(jobs, namespace)).items.length === 0);
await operator?.stop();
await api.delete(namespaces, '', namespace);
api.close();

/** Does something, waits until every Job has the size, and prints what it took. */
async function stage(title: string, size: number, act: () => Promise<unknown>): Promise<void> {
  const before = await requests();
  const cpu = process.cpuUsage();
  const began = performance.now();
  await act();
  await until(async () => {
    const { items } = await api.list(jobs, namespace);
    const right = items.filter((job) => (job['spec'] as { parallelism: number }).parallelism === size);
    return right.length === count;
  });
  const seconds = (performance.now() - began) / 1000;
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const used = process.cpuUsage(cpu);
  const after = await requests();
  const lines = [...after]
    .map(([name, total]) => [name, total - (before.get(name) ?? 0)] as const)
    .filter(([, total]) => total > 0);
  const sum = lines.reduce((total, [, each]) => total + each, 0);
  const megabytes = Math.round(process.memoryUsage().rss / 1e6);
  console.log(
    `${title}: ${seconds.toFixed(2)} s, ${sum} requests (${(sum / count).toFixed(1)} per MiniCluster), ${((used.user + used.system) / 1e6).toFixed(2)} s CPU with this script, ${megabytes} MB`,
  );
  for (const [name, total] of lines.sort()) console.log(`    ${name}: ${total}`);
}

/** Requests of the operator so far, by verb and resource. */
async function requests(): Promise<Map<string, number>> {
  const metric = await operator?.metrics.registry.getSingleMetric('ebb_operator_requests_total')?.get();
  const totals = new Map<string, number>();
  for (const { labels, value } of metric?.values ?? []) {
    const name = `${labels['verb']} ${labels['resource']} ${labels['code']}`;
    totals.set(name, (totals.get(name) ?? 0) + value);
  }
  return totals;
}

async function until(isDone: () => Promise<boolean>): Promise<void> {
  while (!(await isDone())) await new Promise((resolve) => setTimeout(resolve, 100));
}

async function fetchNamespace(): Promise<void> {
  await api.patch(namespaces, '', namespace, { metadata: { name: namespace } }).catch(async () => {
    const { server, tls, headers } = await loadConnection();
    const { request } = await import('node:https');
    const body = JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    const asked = { method: 'POST', ...tls, headers: { ...(await headers()), 'content-type': 'application/json' } };
    await new Promise<void>((resolve, reject) => {
      request(`${server}/api/v1/namespaces`, asked, (response) => response.resume().once('end', resolve))
        .once('error', reject)
        .end(body);
    });
  });
}
