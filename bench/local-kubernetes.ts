/**
 * The embedded Kubernetes, and after it, where Go is there, a real control plane with one node of the same node agent: start,
 * requests a second, a list of all objects, fan-out to 200 watchers, memory with them, and how soon pods run.
 *
 *   npx tsx bench/local-kubernetes.ts [OBJECTS=10000] [--alone]
 *
 * It needs `npm run build`. Times hold for one machine; ratios are what to quote.
 */
import type { Agent } from 'node:https';
import { parseArgs } from 'node:util';
import { goVersion } from '../test/control-plane/binary.ts';
import { connect } from './kubernetes-requests.ts';
import { type Figure, print } from './local-kubernetes/figures.ts';
import { measurePods } from './local-kubernetes/pods.ts';
import { measureRequests } from './local-kubernetes/requests.ts';
import { embedded, real, type ServerKind } from './local-kubernetes/servers.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { alone: { type: 'boolean', default: false } },
});
const objects = Number(positionals[0] ?? 10_000);
if (!Number.isInteger(objects) || objects < 1)
  throw new Error(`${positionals[0]}: a number of objects from 1 is wanted`);

const kinds = values.alone || !goVersion() ? [embedded] : [embedded, real];
const figures: Figure[][] = [];
for (const kind of kinds) figures.push(await measure(kind));
print(
  kinds.map(({ title }) => title),
  figures,
);

async function measure(kind: ServerKind): Promise<Figure[]> {
  const began = performance.now();
  const server = await kind.start();
  const start = performance.now() - began;
  const target = connect(server.kubeconfigPath);
  try {
    const empty = server.residentMiB();
    const requests = await measureRequests(target, objects);
    const full = server.residentMiB();
    await server.startNodes();
    return [
      { name: 'ready after', value: start, unit: 'ms' },
      ...requests,
      { name: 'memory, empty', value: empty, unit: 'MiB' },
      { name: `memory with ${objects} objects`, value: full, unit: 'MiB' },
      ...(await measurePods(target)),
    ];
  } finally {
    (target.agent as Agent).destroy();
    await server.stop();
  }
}
