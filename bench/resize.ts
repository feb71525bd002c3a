/**
 * What a person waits for: from `ebb up` to four free nodes, and from a new size to what `flux resource list` says. And
 * what the operator asks for it: requests and CPU time, for each resize and at rest.
 *
 *   npx tsx bench/resize.ts [--resizes 5] [--rest SECONDS=30]
 *
 * It needs `npm run build`. Times hold for one machine, and only while nothing else runs on it: the load is printed too.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { Cluster, configFrom } from '@ebb/ebb/internal';
import { embedded } from '../test/clusters/embedded.ts';
import { seen } from '../test/clusters/seen.ts';
import { OperatorProcess } from '../test/operators/operator-process.ts';
import { isWrite, type Recorded, startRecordingProxy } from '../test/operators/recording-proxy.ts';

const { values } = parseArgs({
  options: { resizes: { type: 'string', default: '5' }, rest: { type: 'string', default: '30' } },
});
const packages = join(import.meta.dirname, '..', 'packages');
const folder = mkdtempSync(join(tmpdir(), 'ebb-bench-resize-'));
const name = 'flux-sample';
const namespace = 'default';
/** Events and what else follows a resize still belong to it. */
const trailMs = 2000;

try {
  console.log(`${cpus().length} cores, load ${loadavg()[0]!.toFixed(1)}`);
  console.log(`ebb up to four free nodes: ${(await measureUp()).toFixed(1)} s (aim: 6)`);
  await measureOperator(Number(values.resizes), Number(values.rest));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);

/** Seconds until `ebb up` has shown the first resource list, and says what to try next. */
async function measureUp(): Promise<number> {
  const environment = { ...process.env, EBB_HOME: join(folder, 'home') };
  const began = performance.now();
  const up = spawn(process.execPath, [join(packages, 'ebb', 'bin', 'ebb.js'), 'up'], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  let took = 0;
  up.stdout.on('data', (chunk: Buffer) => {
    text += chunk;
    if (took > 0 || !text.includes('Try next')) return;
    took = (performance.now() - began) / 1000;
    up.kill('SIGTERM');
  });
  await new Promise((resolve) => up.once('exit', resolve));
  if (!/free +4 /.test(text)) throw new Error(`ebb up did not show four free nodes: ${text}`);
  return took;
}

async function measureOperator(resizes: number, restSeconds: number): Promise<void> {
  const running = await embedded.start({ operator: false });
  const records: Recorded[] = [];
  const proxy = await startRecordingProxy('operator', running.kubeconfigPath, folder, records);
  const program = join(packages, 'operator', 'dist', 'operator.js');
  const command = `${process.execPath} ${program} --metrics-bind-address 0 --health-probe-bind-address 0 --log-level warn`;
  const operator = new OperatorProcess(command, proxy.kubeconfigPath, join(folder, 'operator.log'));
  const cluster = new Cluster(configFrom(running.kubeconfigPath));
  try {
    await cluster.apply({
      apiVersion: 'flux-framework.org/v1alpha2',
      kind: 'MiniCluster',
      metadata: { name, namespace },
      spec: { size: 4, interactive: true, containers: [{ image: 'rockylinux:9' }] },
    });
    const screen = await watchFreeNodes(cluster);
    await screen.shows(4);
    const down: Resize[] = [];
    const up: Resize[] = [];
    for (let round = 0; round < resizes; round++) {
      down.push(await resize(cluster, screen, records, 3));
      up.push(await resize(cluster, screen, records, 4));
    }
    screen.stop();
    print('size change down to flux resource list', down, 1);
    print('size change up to flux resource list', up, 1.5);
    await printRest(operator, records, restSeconds);
  } finally {
    await operator.stop();
    await proxy.stop();
    await running.stop();
  }
}

interface Resize {
  readonly seconds: number;
  readonly writes: number;
}

async function resize(cluster: Cluster, screen: Screen, records: readonly Recorded[], size: number): Promise<Resize> {
  const from = records.length;
  const began = performance.now();
  await cluster.scale({ namespace, name }, size);
  await screen.shows(size);
  const seconds = (performance.now() - began) / 1000;
  await new Promise((resolve) => setTimeout(resolve, trailMs));
  const writes = records
    .slice(from)
    .filter((each) => isWrite(each) && each.code !== 101 && each.method !== 'FLUX' && !/\/leases\b/.test(each.path));
  return { seconds, writes: writes.length };
}

interface Screen {
  /** Resolves when as many nodes are free, by a list asked for after this call. */
  shows(free: number): Promise<void>;
  stop(): void;
}

/** Somebody in the first pod who asks for the list again and again. */
async function watchFreeNodes(cluster: Cluster): Promise<Screen> {
  await seen(async () => {
    const { status } = (await cluster.miniCluster({ namespace, name })) as { status?: { ranks?: { up?: number } } };
    return status?.ranks?.up === 4;
  });
  let isStopped = false;
  const listeners = new Set<(free: number) => void>();
  const words = 'FLUX_URI=$fluxsocket flux resource list -n -s free -o "{nnodes}"';
  const script = `. /mnt/flux/flux-view.sh; while read -r _; do ${words}; done`;
  const { PassThrough } = await import('node:stream');
  const input = new PassThrough();
  const stdout = new Writable({
    write(chunk: Buffer, _encoding, done) {
      for (const line of chunk.toString().split('\n').filter(Boolean)) for (const each of listeners) each(Number(line));
      if (!isStopped) input.write('\n');
      done();
    },
  });
  void cluster.exec(namespace, await cluster.podOfRank({ namespace, name }, '0'), {
    container: name,
    command: ['/bin/sh', '-c', script],
    stdin: input,
    stdout,
    stderr: process.stderr,
  });
  input.write('\n');
  return {
    shows: (wanted) =>
      new Promise((resolve) => {
        const listen = (free: number): void => {
          if (free !== wanted) return;
          listeners.delete(listen);
          resolve();
        };
        listeners.add(listen);
      }),
    stop() {
      isStopped = true;
      input.end();
    },
  };
}

function print(title: string, resizes: readonly Resize[], aimSeconds: number): void {
  const sorted = resizes.map(({ seconds }) => seconds).sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)]!;
  const writes = Math.max(...resizes.map((each) => each.writes));
  console.log(
    `${title}: median ${median.toFixed(2)} s, worst ${sorted.at(-1)!.toFixed(2)} s (aim: ${aimSeconds}); at most ${writes} writes of the operator (aim: 3)`,
  );
}

async function printRest(operator: OperatorProcess, records: readonly Recorded[], seconds: number): Promise<void> {
  const from = records.length;
  const { cpuSeconds } = operator.use();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const use = operator.use();
  const others = records.slice(from).filter(({ path }) => !/\/leases\b|[?&]watch=(1|true)/.test(path));
  const cpu = ((use.cpuSeconds - cpuSeconds) * 100) / seconds;
  console.log(
    `at rest for ${seconds} s: ${cpu.toFixed(2)} % of a core (aim: below 1), ${others.length} requests but leases and watches (aim: 0), ${use.residentMiB} MiB`,
  );
  for (const { method, path } of others) console.log(`    ${method} ${path}`);
}
