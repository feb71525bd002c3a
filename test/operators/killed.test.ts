/**
 * The operator's program is killed (SIGKILL) after each single write of each scenario, before it knows that the write was
 * carried out, and started anew: it always gets there, makes nothing twice, and loses nothing. Each scenario has an
 * operator and a namespace of its own, and is told once for each of its writes, and once more without a kill.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster, configFrom } from '@ebb/ebb/internal';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { embedded } from '../clusters/embedded.ts';
import { realBuiltHere } from '../clusters/real.ts';
import { runs, type TestCluster } from '../clusters/test-cluster.ts';
import type { Recorded } from './recording-proxy.ts';
import { type Scenario, scenarios } from './scenarios.ts';
import { User } from './user.ts';
import { WatchedOperator } from './watched-operator.ts';

/** A scenario that takes more writes than these does not come to an end. */
const mostWrites = 40;

for (const kind of [embedded, realBuiltHere]) {
  const told = kind === embedded ? scenarios : scenarios.filter(({ name }) => /^(creation|a shrink)/.test(name));
  describe.skipIf(!runs(kind))(`an operator that is killed, on ${kind.name}`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'ebb-killed-'));
    let running: TestCluster;
    let cluster: Cluster;
    beforeAll(async () => {
      running = await kind.start({ operator: false });
      cluster = new Cluster(configFrom(running.kubeconfigPath));
    }, 1_200_000);
    afterAll(async () => {
      await running?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    test.concurrent.each(told)('$name', { timeout: 600_000 }, async (scenario) => {
      const namespace = scenario.name.replaceAll(' ', '-');
      const user = new User(cluster, namespace, folder);
      await user.begin();
      const operator = await WatchedOperator.start({ namespace, kubeconfigPath: running.kubeconfigPath, folder });
      user.check = () => operator.check();
      try {
        await scenario.begin?.(user);
        const kills = await tellAll(scenario, user, operator);
        console.log(`${kind.name}, ${scenario.name}: killed after ${kills.join(', ')}`);
        expect(kills.length).toBeGreaterThanOrEqual(scenario.atLeast);
      } finally {
        await operator.stop();
      }
    });
  });
}

/** @returns the writes after which the operator was killed */
async function tellAll(scenario: Scenario, user: User, operator: WatchedOperator): Promise<string[]> {
  const kills: string[] = [];
  for (let round = 1; round <= mostWrites; round++) {
    const name = scenario.miniCluster(round);
    await scenario.prepare?.(user, round);
    const before = await lookAt(user, name);
    const from = operator.records.length;
    operator.killAfter(round, async () => scenario.whileDead?.(user, round));
    await scenario.act(user, round);
    const where = `killed after write ${round}, ${operator.killedAfter ? shown(operator.killedAfter) : 'or rather not'}`;
    expect(createdTwice(operator.records.slice(from)), where).toEqual([]);
    const after = await lookAt(user, name);
    const events = [...after.events].filter(([each]) => !before.events.has(each)).map(([, text]) => text);
    const reasons = events.map((text) => text.split(' ')[1]).sort();
    // A MiniCluster that was deleted meanwhile has had less to tell.
    if (!scenario.whileDead) expect(reasons, where).toEqual(scenario.events);
    expect(new Set(events).size, where).toBe(events.length);
    if (before.certificate) expect(after.certificate, where).toBe(before.certificate);
    if (before.job) expect(after.job, where).toBe(before.job);
    await scenario.holds?.(user, round);
    if (!operator.killedAfter) return kills;
    kills.push(shown(operator.killedAfter));
    await scenario.back?.(user, round);
  }
  throw new Error(`${scenario.name} takes more than ${mostWrites} writes`);
}

async function lookAt(user: User, name: string) {
  const [secret, job, events] = await Promise.all([
    user.get('v1', 'Secret', `${name}-curve`),
    user.get('batch/v1', 'Job', name),
    user.events(),
  ]);
  return { certificate: secret?.data['curve.cert'], job: job?.metadata.uid, events };
}

/** Objects that the API server made for this operator more than once. */
function createdTwice(records: readonly Recorded[]): string[] {
  const made = records
    .filter(({ method, code }) => method === 'POST' && code === 201)
    .map(({ path, body }) => `${path.split('?')[0]} ${JSON.parse(body).metadata.name}`);
  return made.filter((each, index) => made.indexOf(each) !== index);
}

function shown({ method, path }: Recorded): string {
  return `${method} ${path.replace(/^.*\/namespaces\/[^/]+\//, '').split('?')[0]}`;
}
