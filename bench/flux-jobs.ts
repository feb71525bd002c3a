/**
 * Jobs through an instance of four brokers, ours beside flux-core's in the same run: `true` from submission to clean,
 * resident memory after that, and the time of `flux resource list`. A real `flux` is the one that EBB_REAL_FLUX names;
 * without it ours runs alone. Run: `npm run build && npx tsx bench/flux-jobs.ts [JOBS] [ROUNDS]`.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connect, type Flux, submitJob } from '@ebb/flux-client';
import { buildJobspec } from '@ebb/flux-formats';
import { residentMiB } from '../test/soak/processes.ts';

const run = promisify(execFile);
const jobs = Number(process.argv[2] ?? 1000);
const rounds = Number(process.argv[3] ?? 3);
const ours = [process.execPath, join(import.meta.dirname, '..', 'packages', 'flux-cli', 'bin', 'flux.js')];
const realFlux = process.env['EBB_REAL_FLUX'];
const kinds = new Map<string, readonly string[]>([['ebb', ours]]);
if (realFlux) kinds.set('flux-core', [realFlux]);

interface Instance {
  readonly process: ChildProcess;
  readonly uri: string;
  readonly brokers: readonly number[];
}

async function start(command: readonly string[]): Promise<Instance> {
  const script = 'echo $FLUX_URI; exec sleep 100000';
  const [program, ...words] = [...command, 'start', '-s', '4', 'sh', '-c', script];
  const child = spawn(program!, words, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  const uri = await new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.stdout!.once('data', (text: Buffer) => resolve(text.toString().trim()));
  });
  const { stdout } = await run('ps', ['-eo', 'pid,ppid']);
  const brokers = stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, parent]) => parent === child.pid)
    .map(([pid]) => pid!);
  return { process: child, uri, brokers };
}

/** Jobs a second from the first submission to the last `clean`. */
async function throughput(flux: Flux): Promise<number> {
  const jobspec = buildJobspec({ command: ['true'], tasks: 1, environment: { PATH: process.env['PATH'] ?? '' } });
  const journal = flux.stream<{ events: { name: string }[] }>('job-manager.events-journal', { allow: { clean: 1 } });
  await journal.next();
  let left = jobs;
  const ended = (async () => {
    for await (const { events } of journal) {
      left -= events.length;
      if (left <= 0) break;
    }
  })();
  const begin = performance.now();
  await Promise.all(Array.from({ length: jobs }, () => submitJob(flux, jobspec)));
  await ended;
  return (jobs / (performance.now() - begin)) * 1000;
}

async function resourceList(command: readonly string[], uri: string): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 7; i++) {
    const begin = performance.now();
    const [program, ...words] = [...command, 'resource', 'list'];
    await run(program!, words, { env: { ...process.env, FLUX_URI: uri } });
    times.push(performance.now() - begin);
  }
  return median(times);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

const instances = new Map<string, Instance>();
const results = new Map<string, { perSecond: number[]; list: number }>();
try {
  for (const [name, command] of kinds) instances.set(name, await start(command));
  for (const name of kinds.keys()) results.set(name, { perSecond: [], list: 0 });
  for (let round = 0; round < rounds; round++) {
    for (const [name, { uri }] of instances) {
      const flux = await connect(uri);
      results.get(name)!.perSecond.push(await throughput(flux));
      await flux.close();
    }
  }
  for (const [name, command] of kinds) results.get(name)!.list = await resourceList(command, instances.get(name)!.uri);
  for (const [name, { perSecond, list }] of results) {
    const memory = instances.get(name)!.brokers.map((pid) => residentMiB(pid).toFixed(0));
    console.log(
      `${name.padEnd(10)} ${median(perSecond).toFixed(0).padStart(5)} jobs/s (${perSecond.map((each) => each.toFixed(0)).join(', ')})` +
        `   resource list ${list.toFixed(0)} ms   resident MiB of the brokers: ${memory.join(', ')}`,
    );
  }
  const [mine, real] = [results.get('ebb')!, results.get('flux-core')];
  if (real) {
    const ratio = median(mine.perSecond) / median(real.perSecond);
    console.log(
      `ebb / flux-core: ${ratio.toFixed(1)} times the jobs, ${(mine.list / real.list).toFixed(2)} of the time to list`,
    );
  }
} finally {
  for (const { process: child } of instances.values()) process.kill(-child.pid!, 'SIGTERM');
}
