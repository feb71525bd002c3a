// Rank 0 is lost with kill -9 while jobs run, and comes back on its state directory: what it acknowledged is there again,
// what ran is over with the right outcome, and what waited runs.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Flux, KvsTransaction, kvsGet } from '@ebb/flux-client';
import { buildJobspec, parseEventlog, printJson, toFluid, wrapSigned } from '@ebb/flux-formats';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { BrokerProcesses } from './broker-processes.fixture.ts';

let brokers: BrokerProcesses;

beforeAll(async () => {
  brokers = await BrokerProcesses.build('restart-test');
});
afterAll(() => brokers.remove());
beforeEach(() => brokers.begin('[queues.batch]\n[queues.debug]'));
afterEach(() => brokers.end());

it('rank 0 comes back after kill -9 with its jobs, queues and KVS', async () => {
  for (const rank of [0, 1, 2]) brokers.start(rank);
  await brokers.untilUp('0-2');
  const flux = await brokers.reach(0);
  await setQueue(flux, 'batch', true);
  await setQueue(flux, 'debug', true);
  await setQueue(flux, 'debug', false, 'for now');
  await flux.rpc('job-manager.queue-enable', { name: 'debug', enable: false, reason: 'closed', all: false });
  await new KvsTransaction().put('kept.word', 'here').commit(flux);

  const done = await submit(flux, ['sh', '-c', `echo done >> ${brokers.folder}/ran`]);
  await expect.poll(() => names(flux, done), patient).toContain('clean');
  const pids = ['here', 'there'].map((word) => join(brokers.folder, `pid-${word}`));
  const running = await Promise.all(
    pids.map((file, at) => submit(flux, ['sh', '-c', `echo $$ > ${file}.new; mv ${file}.new ${file}; sleep 1000`], at)),
  );
  for (const file of pids) await expect.poll(() => existsSync(file), patient).toBe(true);
  for (const id of running) await expect.poll(() => names(flux, id), patient).toContain('start');
  // All cores of rank 1 and 2 and 0 are for those that run: this one waits.
  const waiting = await submit(flux, ['sh', '-c', `echo waited >> ${brokers.folder}/ran`], undefined, 3);
  await expect.poll(() => names(flux, waiting), patient).toContain('priority');
  await flux.close();

  await brokers.kill(0);
  brokers.start(0);
  // They are none of the new rank 0's children: they end, and whoever supervises them starts them again.
  await Promise.all([1, 2].map((rank) => brokers.running.get(rank)!.exit));
  for (const file of pids) await expect.poll(() => isAlive(Number(readFileSync(file, 'utf8'))), patient).toBe(false);
  for (const rank of [1, 2]) brokers.start(rank);
  await brokers.untilUp('0-2');

  const again = await brokers.reach(0);
  expect(String(await kvsGet(again, 'kept.word'))).toBe('here');
  expect(await again.rpc('job-manager.queue-status', { name: 'batch' })).toEqual({ enable: true, start: true });
  expect(await again.rpc('job-manager.queue-status', { name: 'debug' })).toEqual({
    enable: false,
    start: false,
    disable_reason: 'closed',
    stop_reason: 'for now',
  });
  for (const id of [done, waiting, ...running]) await expect.poll(() => names(again, id), patient).toContain('clean');
  // As in flux-core: what a job wrote to its own namespace goes with an instance that did not end in order.
  for (const id of running) expect(await exception(again, id)).toBe('failed to create guest ns: Invalid argument');
  expect((await names(again, done)).filter((name) => name === 'flux-restart')).toEqual([]);
  expect(readFileSync(join(brokers.folder, 'ran'), 'utf8')).toBe(`done\n${'waited\n'.repeat(3)}`);
  expect(await again.rpc('job-manager.stats-get')).toMatchObject({ active_jobs: 0, inactive_jobs: 4 });
  const next = await submit(again, ['true']);
  expect(next > waiting).toBe(true);
  await expect.poll(() => names(again, next), patient).toContain('clean');
  await again.close();
}, 90_000);

it('an instance that ended in order starts its queues and what waited again', async () => {
  for (const rank of [0, 1]) brokers.start(rank);
  await brokers.untilUp('0-1');
  const flux = await brokers.reach(0);
  await setQueue(flux, 'batch', true);
  const pid = join(brokers.folder, 'pid');
  const running = await submit(flux, ['sh', '-c', `echo $$ > ${pid}.new; mv ${pid}.new ${pid}; sleep 1000`]);
  await expect.poll(() => existsSync(pid), patient).toBe(true);
  const waiting = await submit(flux, ['sh', '-c', `echo waited >> ${brokers.folder}/ran`], undefined, 3);
  await expect.poll(() => names(flux, waiting), patient).toContain('priority');
  await flux.close();

  brokers.running.get(0)!.process.kill('SIGTERM');
  await Promise.all([0, 1].map((rank) => brokers.running.get(rank)!.exit));
  expect(isAlive(Number(readFileSync(pid, 'utf8')))).toBe(false);
  for (const rank of [0, 1, 2]) brokers.start(rank);
  await brokers.untilUp('0-2');

  const again = await brokers.reach(0);
  expect(await again.rpc('job-manager.queue-status', { name: 'batch' })).toEqual({ enable: true, start: true });
  expect(await names(again, running)).toContain('clean');
  await expect.poll(() => names(again, waiting), patient).toContain('clean');
  expect(readFileSync(join(brokers.folder, 'ran'), 'utf8')).toBe('waited\n'.repeat(3));
  await again.close();
}, 90_000);

const patient = { timeout: 20_000, interval: 50 };

async function submit(flux: Flux, command: string[], at?: number, nodes = 1): Promise<bigint> {
  const spec = buildJobspec({
    command,
    cwd: '/tmp',
    environment: { PATH: process.env['PATH']! },
    queue: 'batch',
    ...(at === undefined ? { nodes, tasks: nodes } : { nodes: 1, tasks: 1, exclusive: true }),
  });
  const J = wrapSigned(printJson(spec), process.getuid?.() ?? 0);
  return toFluid((await flux.rpc<{ id: unknown }>('job-ingest.submit', { J, urgency: 16, flags: 0 })).id);
}

async function setQueue(flux: Flux, name: string, start: boolean, reason?: string): Promise<void> {
  await flux.rpc('job-manager.queue-start', { name, start, all: false, ...(reason ? { reason } : {}) });
}

async function eventlog(flux: Flux, id: bigint) {
  const answer = await flux.rpc<{ eventlog: string }>('job-info.lookup', { id, keys: ['eventlog'], flags: 0 });
  return parseEventlog(answer.eventlog);
}

async function names(flux: Flux, id: bigint): Promise<string[]> {
  return (await eventlog(flux, id)).map(({ name }) => name);
}

async function exception(flux: Flux, id: bigint): Promise<unknown> {
  return (await eventlog(flux, id)).find(({ name }) => name === 'exception')?.context?.['note'];
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
