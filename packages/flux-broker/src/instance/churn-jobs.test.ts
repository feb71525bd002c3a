// Jobs run while brokers are killed, leave in order and come back, rank 0 among them, by a printed seed: no job is lost
// or run twice, and nothing stays allocated. EBB_CHURN_SEED repeats a run, EBB_CHURN_STEPS lengthens it.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Flux, kvsNamespaces } from '@ebb/flux-client';
import {
  buildJobspec,
  type EventlogEntry,
  Idset,
  parseEventlog,
  printJson,
  ResourceSet,
  toFluid,
  wrapSigned,
} from '@ebb/flux-formats';
import { expect, it } from 'vitest';
import { Instance } from './instance.ts';

const size = 16;
const seed = Number(process.env['EBB_CHURN_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const steps = Number(process.env['EBB_CHURN_STEPS'] ?? 60);
/** Flat or a tree, by the seed. */
const topology = seed % 2 === 0 ? 'kary:0' : 'kary:3';
/** States run and cleanup. */
const holding = 16 | 32;
const ranks = Array.from({ length: size }, (_, rank) => rank);

/** Mulberry32: small, and the same everywhere. */
function generator(state: number): () => number {
  let at = state >>> 0;
  return () => {
    at = (at + 0x6d2b79f5) >>> 0;
    let value = Math.imul(at ^ (at >>> 15), at | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

it(`jobs outlive the churn of ${size} brokers, ${topology} (EBB_CHURN_SEED=${seed})`, async () => {
  const random = generator(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const folder = mkdtempSync(join(tmpdir(), 'churn-jobs-'));
  const ran = join(folder, 'ran');
  const attributes = {
    'broker.quorum': '1',
    'broker.shutdown-timeout': '5s',
    'tbon.torpid_min': '0.2s',
    'tbon.torpid_max': '2s',
  };
  const instance = new Instance({
    size,
    topology,
    statedir: folder,
    socketRanks: ranks,
    attributes,
    stderr: (line) => process.env['EBB_CHURN_LOG'] && console.error(line),
  });
  for (const rank of ranks) instance.start(rank);
  await untilUp(instance);

  /** Jobs whose submission was answered, with the word each real one writes when it starts. */
  const accepted = new Map<bigint, string | undefined>();
  const leaving = new Set<Promise<void>>();
  const asking = new Set<Promise<void>>();
  /** When rank 0 was killed, in seconds since 1970. */
  const crashes: number[] = [];
  let lastWord = 0;

  const ask = (work: (flux: Flux) => Promise<void>) => {
    if (!instance.isRunning(0) || instance.broker(0).state !== 'run') return;
    const flux = instance.flux(0);
    // Rank 0 may go before it answers: what it did not acknowledge, it does not owe.
    const asked = work(flux)
      .catch(() => {})
      .finally(() => flux.close());
    asking.add(asked);
    void asked.finally(() => asking.delete(asked));
  };
  const submit = () => {
    const isReal = random() < 0.3;
    const word = isReal ? `word${(lastWord += 1)}` : undefined;
    const nodes = random() < 0.3 ? 1 + Math.floor(random() * 4) : 1;
    const command = word ? ['sh', '-c', `echo ${word} >> ${ran}`] : ['true'];
    const environment = { PATH: process.env['PATH']! };
    const spec = buildJobspec({ command, cwd: '/tmp', environment, ...(word ? {} : { tasks: nodes, nodes }) });
    const duration = `${(0.01 + random() * 0.5).toFixed(3)}s`;
    if (!word) Object.assign(spec.attributes.system, { exec: { test: { run_duration: duration } } });
    const J = wrapSigned(printJson(spec), process.getuid?.() ?? 0);
    ask(async (flux) => {
      const answer = await flux.rpc<{ id: unknown }>(
        'job-ingest.submit',
        { J, urgency: 16, flags: 0 },
        { timeoutMs: 5_000 },
      );
      accepted.set(toFluid(answer.id), word);
    });
  };

  for (let step = 0; step < steps; step++) {
    const running = ranks.filter((rank) => rank > 0 && instance.isRunning(rank));
    const stopped = ranks.filter((rank) => !instance.isRunning(rank));
    for (let count = Math.floor(random() * 4); count > 0; count--) submit();
    const dice = random();
    if (dice < 0.06 && instance.isRunning(0)) {
      instance.kill(0);
      crashes.push(Date.now() / 1000);
    } else if (dice < 0.1 && instance.isRunning(0)) await leaves(instance);
    else if (dice < 0.25 && running.length > 0) instance.kill(pick(running));
    else if (dice < 0.32 && running.length > 0) instance.vanish(pick(running));
    else if (dice < 0.42 && running.length > 0) {
      const leave = instance.shutdown(pick(running)).catch(() => {});
      leaving.add(leave);
      void leave.finally(() => leaving.delete(leave));
    } else if (dice < 0.55 && accepted.size > 0) {
      const id = pick([...accepted.keys()]);
      ask(
        async (flux) =>
          void (await flux.rpc('job-manager.raise', { id, type: 'cancel', severity: 0 }, { timeoutMs: 5_000 })),
      );
    } else if (stopped.length > 0) instance.start(pick(stopped));
    if (!instance.isRunning(0)) instance.start(0);
    await new Promise((done) => setTimeout(done, random() * 150));
    if (step % 30 === 29) await until(() => whatDiffers(instance));
  }
  await untilUp(instance);
  await Promise.all(asking);
  expect(accepted.size).toBeGreaterThan(steps / 4);

  await until(async () => {
    const flux = instance.flux(0);
    try {
      const { jobs } = await flux.rpc<{ jobs: { id: unknown; state: number }[] }>(
        'job-list.list',
        { max_entries: 0, attrs: ['state'] },
        { timeoutMs: 5_000 },
      );
      const shown = new Map(jobs.map(({ id, state }) => [toFluid(id), state]));
      const wrong = [...accepted.keys()].filter((id) => shown.get(id) !== 64).map((id) => `${id}: ${shown.get(id)}`);
      if (wrong.length > 0)
        return `of ${accepted.size} jobs not inactive: ${wrong}; ${await log(flux, wrong[0]!)}; ${await schedulerState(flux)}; ${states(instance)}`;
      const left = (await kvsNamespaces(flux)).map(({ namespace }) => namespace).filter((name) => name !== 'primary');
      if (left.length > 0) return `nothing runs, but there are the namespaces ${left}`;
      return await whatDiffers(instance);
    } finally {
      await flux.close();
    }
  });

  const words = existsSync(ran) ? readFileSync(ran, 'utf8').trim().split('\n') : [];
  const flux = instance.flux(0);
  for (const [id, word] of accepted) {
    const events = await eventlog(flux, id);
    const names = events.map(({ name }) => name);
    const story = `${id}: ${names}`;
    const count = (name: string) => names.filter((other) => other === name).length;
    expect(names[0], story).toBe('submit');
    expect(names.at(-1), story).toBe('clean');
    for (const once of ['alloc', 'free', 'start', 'finish', 'clean']) expect(count(once), story).toBeLessThan(2);
    expect(count('free'), story).toBe(count('alloc'));
    if (count('alloc') > 0) expect(names.indexOf('free'), story).toBeGreaterThan(names.indexOf('alloc'));
    const finish = events.find(({ name }) => name === 'finish');
    const isDone = finish?.context?.['status'] === 0;
    if (!isDone) expect(count('exception') + count('finish'), story).toBeGreaterThan(0);
    if (word && isDone) expect(words, story).toContain(word);
    if (words.indexOf(word!) === words.lastIndexOf(word!)) continue;
    // A job is started again only where rank 0 died before it could note that the job runs: as in flux-core, which
    // starts shells while the event is on its way to the KVS.
    const [submit, start] = ['submit', 'start'].map((name) => events.find((event) => event.name === name)?.timestamp);
    const isUnknown = crashes.some((time) => submit! <= time && time <= (start ?? Number.POSITIVE_INFINITY));
    expect(isUnknown, `${word} ran twice: ${printJson(events)}`).toBe(true);
  }
  await flux.close();
  await instance.stop();
  rmSync(folder, { recursive: true, force: true });
}, 180_000);

/** Rank 0 leaves in order, and the instance with it; that must come to an end. */
async function leaves(instance: Instance): Promise<void> {
  const broker = instance.broker(0);
  void instance.shutdown(0);
  await until(async () => {
    if (broker.state === 'exit') return undefined;
    const flux = broker.connect();
    try {
      const { jobs } = await flux.rpc<{ jobs: { id: unknown }[] }>(
        'job-list.list',
        { max_entries: 1, attrs: ['state', 'ranks'], constraint: { states: [holding] } },
        { timeoutMs: 2_000 },
      );
      const job = jobs[0] ? `${printJson(jobs[0])} ${await log(flux, String(jobs[0].id))}` : '';
      return `rank 0 does not leave: ${states(instance)} ${broker.state} ${job}`;
    } finally {
      await flux.close();
    }
  });
}

async function eventlog(flux: Flux, id: bigint): Promise<EventlogEntry[]> {
  const answer = await flux.rpc<{ eventlog: string }>('job-info.lookup', { id, keys: ['eventlog'], flags: 0 });
  return parseEventlog(answer.eventlog);
}

/** Why jobs may wait: for the message of a test that failed. */
async function schedulerState(flux: Flux): Promise<string> {
  const ask = async (topic: string) =>
    printJson(await flux.rpc(topic, undefined, { timeoutMs: 2_000 }).catch((error: Error) => error.message));
  return `${await ask('job-manager.alloc-query')} ${await ask('resource.sched-status')} ${await ask('job-manager.stats-get')} ${await ask('sched-simple.stats-get')}`;
}

/** Runs, and so do all on the way to rank 0. */
function isUp(instance: Instance, rank: number): boolean {
  if (!instance.isRunning(rank) || instance.broker(rank).state !== 'run') return false;
  const parent = instance.broker(rank).options.topology.parent(rank);
  return parent < 0 || isUp(instance, parent);
}

function states(instance: Instance): string {
  const seen = instance
    .broker(0)
    .overlay.children.map(({ rank, status, torpid }) => `${rank} ${status}${torpid ? ' torpid' : ''}`);
  return `${ranks.map((rank) => `${rank} ${instance.isRunning(rank) ? instance.broker(rank).state : 'gone'}`)}; rank 0 sees ${seen}`;
}

/** What rank 0 says of the resources, against what runs, and against what its jobs hold; undefined when they agree. */
async function whatDiffers(instance: Instance): Promise<string | undefined> {
  if (!instance.isRunning(0) || instance.broker(0).state !== 'run') return 'rank 0 is not up';
  const flux = instance.flux(0);
  try {
    const { all, down, allocated } = await status(flux);
    const up = ResourceSet.parse(all).ranks.subtract(ResourceSet.parse(down).ranks);
    const truth = Idset.of(ranks.filter((rank) => isUp(instance, rank)));
    if (!up.equals(truth)) return `up ${up}, but ${truth} run; ${states(instance)}`;
    const { jobs } = await flux.rpc<{ jobs: { ranks?: string }[] }>(
      'job-list.list',
      { max_entries: 0, attrs: ['ranks'], constraint: { states: [holding] } },
      { timeoutMs: 2_000 },
    );
    const held = jobs.reduce((sum, job) => sum.union(Idset.parse(job.ranks ?? '')), Idset.of([]));
    const shown = ResourceSet.parse(allocated).ranks;
    return shown.equals(held) ? undefined : `allocated ${shown}, but jobs hold ${held}`;
  } finally {
    await flux.close();
  }
}

async function status(flux: Flux): Promise<Record<'all' | 'down' | 'allocated', unknown>> {
  return await flux.rpc('resource.sched-status', undefined, { nodeid: 0, timeoutMs: 2_000 });
}

async function log(flux: Flux, job: string): Promise<string> {
  const events = await eventlog(flux, BigInt(job.split(':')[0]!)).catch((error: Error) => error.message);
  return printJson(events);
}

/** Brings every rank back, as a supervisor would that restarts what ended, until all are up. */
async function untilUp(instance: Instance): Promise<void> {
  await until(async () => {
    for (const rank of ranks) if (!instance.isRunning(rank)) instance.start(rank);
    const missing = ranks.filter((rank) => instance.broker(rank).state !== 'run');
    if (missing.length > 0) return `not up: ${missing.map((rank) => `${rank} ${instance.broker(rank).state}`)}`;
    return await whatDiffers(instance);
  });
}

/** Waits for a condition that answers what is still wrong. */
async function until(condition: () => Promise<string | undefined>): Promise<void> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const wrong = await condition().catch((error: Error) => error.message);
    if (wrong === undefined) return;
    if (performance.now() > deadline) throw new Error(`still not so after 30 s: ${wrong}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
