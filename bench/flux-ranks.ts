// Many ranks in one process: time until all are up, time of `resource.sched-status` (what `flux resource list` asks) and
// memory. Usage: npx tsx bench/flux-ranks.ts [RANKS...]   (default 1000 10000)
import { startInstance } from '@ebb/flux-broker';

const sizes = process.argv.slice(2).map(Number);

for (const size of sizes.length > 0 ? sizes : [1_000, 10_000]) await measure(size);

async function measure(size: number): Promise<void> {
  const before = process.memoryUsage().rss;
  const start = performance.now();
  const instance = startInstance({ size, fanout: 128 });
  await instance.ready();
  const flux = instance.flux(0);
  await flux.rpc('resource.monitor-waitup', { up: size }, { nodeid: 0 });
  const upMs = performance.now() - start;
  const listStart = performance.now();
  const rounds = 10;
  for (let round = 0; round < rounds; round++) await flux.rpc('resource.sched-status', undefined, { nodeid: 0 });
  const listMs = (performance.now() - listStart) / rounds;
  const pingStart = performance.now();
  for (let round = 0; round < 100; round++) await flux.rpc('broker.ping', { seq: round }, { nodeid: size - 1 });
  const pingMs = (performance.now() - pingStart) / 100;
  const memory = process.memoryUsage().rss - before;
  const row = {
    ranks: size,
    'all up (s)': (upMs / 1000).toFixed(2),
    'resource list (ms)': listMs.toFixed(2),
    'ping far rank (ms)': pingMs.toFixed(3),
    'memory (MiB)': (memory / 2 ** 20).toFixed(0),
    'KiB a rank': (memory / 1024 / size).toFixed(0),
  };
  console.table([row]);
  await instance.stop();
}
