/**
 * The API server fails the operator's program in every way there is, at random, all the time: each MiniCluster of each
 * story gets there all the same, nothing is made twice and no job is lost. Each failure has an operator and a namespace of
 * its own.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster, configFrom } from '@ebb/ebb/internal';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { embedded } from '../clusters/embedded.ts';
import type { TestCluster } from '../clusters/test-cluster.ts';
import { Random } from '../soak/random.ts';
import type { Fault, Meddler } from './recording-proxy.ts';
import { User } from './user.ts';
import { WatchedOperator } from './watched-operator.ts';

interface Failure {
  readonly name: string;
  readonly meddler: Meddler;
  /** Done again and again. */
  readonly every?: { readonly ms: number; act(operator: WatchedOperator): void };
}

const seed = Number(process.env['EBB_SEED'] ?? Date.now() % 1_000_000);
const random = new Random(seed);
/** Of all requests, watches and lists too, one in four. */
const sometimes = () => random.between(1, 4) === 1;
const isWatch = (path: string) => /[?&]watch=/.test(path);

const instead = (fault: Fault): Meddler => ({ asked: () => (sometimes() ? fault : undefined) });
/** The write is carried out, but its client does not learn of it. */
const after = (fault: Fault): Meddler => ({
  answered: ({ method }) => (method !== 'GET' && sometimes() ? fault : undefined),
});
const nothing: Meddler = {};

const failures: readonly Failure[] = [
  { name: '409 to requests', meddler: instead({ code: 409 }) },
  { name: '429 to requests', meddler: instead({ code: 429, headers: { 'retry-after': '1' } }) },
  { name: '500 to requests', meddler: instead({ code: 500 }) },
  { name: '503 to requests', meddler: instead({ code: 503 }) },
  { name: 'broken connections', meddler: instead('break') },
  { name: 'no answer at all', meddler: instead('silence') },
  { name: '500 after writes', meddler: after({ code: 500 }) },
  { name: 'broken connections after writes', meddler: after('break') },
  { name: 'no answer after writes', meddler: after('silence') },
  {
    name: '410 to watches',
    meddler: { asked: ({ path }) => (isWatch(path) && sometimes() ? { code: 410 } : undefined) },
    every: { ms: 700, act: (operator) => operator.endWatches(true) },
  },
  { name: 'watches that end', meddler: nothing, every: { ms: 300, act: (operator) => operator.endWatches(false) } },
];

describe('an API server that fails', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ebb-failing-'));
  let running: TestCluster;
  let cluster: Cluster;
  beforeAll(async () => {
    console.log(`EBB_SEED=${seed}`);
    running = await embedded.start({ operator: false });
    cluster = new Cluster(configFrom(running.kubeconfigPath));
  });
  afterAll(async () => {
    await running?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test.concurrent.each(failures)('$name', { timeout: 600_000 }, async ({ name, meddler, every }) => {
    const namespace = name.toLowerCase().replaceAll(' ', '-').replace(/^4|^5/, 'code-$&');
    const user = new User(cluster, namespace, folder);
    await user.begin();
    const { kubeconfigPath } = running;
    const flags = '--request-timeout 1';
    const operator = await WatchedOperator.start({ namespace, kubeconfigPath, folder, meddler, flags });
    user.check = () => operator.check();
    const timer = every && setInterval(() => every.act(operator), every.ms);
    try {
      await tell(user);
    } finally {
      clearInterval(timer);
      await operator.stop();
    }
  });
});

async function tell(user: User): Promise<void> {
  const name = 'flux-sample';
  await user.apply(name, { size: 1, maxSize: 2, interactive: true });
  await user.settled(name, 1);
  const certificate = await secretOf(user, name);
  await user.apply(name, { size: 2, maxSize: 2, interactive: true });
  await user.settled(name, 2);
  await user.submit(name, 2, 'go');
  await user.apply(name, { size: 1, maxSize: 2, interactive: true });
  await user.until('the shrink waits for the job', async () => {
    const { status } = await user.miniCluster(name);
    return status.drain?.ranks === '1';
  });
  user.openGate('go');
  await user.settled(name, 1);
  expect(await user.flux(name, 'jobs -a -n -o "{result} {returncode}"')).toBe('COMPLETED 0');
  await user.apply(name, { size: 3, maxSize: 2, interactive: true });
  await user.settled(name, 1);
  expect(await secretOf(user, name)).toBe(certificate);
  const denials = [...(await user.events()).values()].filter((text) => / ResizeDenied /.test(text));
  expect(denials).toHaveLength(1);
  const pods = await user.pods(name);
  expect([...pods.keys()], 'no pod but the first').toEqual(['0']);
  expect(pods.get('0')).toHaveLength(1);
  await user.delete(name);
  await user.until('it is gone', async () => (await user.belongings(name)).length === 0);
}

async function secretOf(user: User, name: string): Promise<string> {
  const { metadata, data } = await user.get('v1', 'Secret', `${name}-curve`);
  return `${metadata.uid} ${data['curve.cert']}`;
}
