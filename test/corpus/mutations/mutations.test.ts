/** Requests made wrong by chance, put to the embedded Kubernetes and to a real one: the answers are the same. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalKubernetes } from '@ebb/local-kubernetes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { atFullSpeed, realBuiltHere } from '../../clusters/real.ts';
import { runs } from '../../clusters/test-cluster.ts';
import { startControlPlane } from '../../control-plane/control-plane.ts';
import { compareServers } from './run-plan.ts';

/** More seeds: `npx tsx test/corpus/mutations/main.ts`. */
const seeds = [2, 3, 4];
const count = 1000;

describe.skipIf(!runs(realBuiltHere))('the answers of both', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mutations-'));
  let servers: { kubeconfigPath: string; stop(): Promise<void> }[] = [];
  beforeAll(async () => {
    // No nodes: nothing here runs.
    servers = await Promise.all([
      startControlPlane({ folder: join(folder, 'real'), flags: { 'kube-controller-manager': atFullSpeed } }),
      startLocalKubernetes({ stateFolder: join(folder, 'embedded'), nodes: [], inMemory: true }),
    ]);
  }, 1_200_000);
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(seeds)('to what seed %d makes', async (seed) => {
    const [real, own] = servers.map(({ kubeconfigPath }) => kubeconfigPath);
    const { asked, different } = await compareServers(seed, count, [real!, own!]);
    expect(asked).toBeGreaterThan(count);
    expect(different.map(({ name, lines }) => [name, ...lines].join('\n  '))).toEqual([]);
  });
});
