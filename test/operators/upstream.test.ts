/**
 * The upstream operator and ours make the same of the same MiniClusters, but for the differences that
 * docs/from-upstream.md lists; and each difference that it lists is there. Runs where the upstream operator's program
 * `manager` is on PATH and EBB_UPSTREAM_CHECKOUT names the repository that it was built from; for v1alpha1, where
 * EBB_UPSTREAM_V1ALPHA1_CHECKOUT names the repository as it was then, with its program in bin/manager.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { customResourceDefinition } from '@ebb/minicluster';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { goVersion } from '../control-plane/binary.ts';
import { type Difference, differences, type Foreseen, foresees } from './differences.ts';
import { type Made, type MadeOfAll, madeBy, miniClustersIn } from './made-objects.ts';
import { upstreamCheckout, upstreamManager } from './upstream-manager.ts';

const root = join(import.meta.dirname, '..', '..');
/** The upstream repository as it was in September 2023, with its program in bin/manager. */
const old = process.env['EBB_UPSTREAM_V1ALPHA1_CHECKOUT'];
const flags = '--metrics-bind-address 0 --health-probe-bind-address 0';

/** A table of docs/from-upstream.md. */
function listed(title: string): Foreseen[] {
  const page = readFileSync(join(root, 'docs', 'from-upstream.md'), 'utf8');
  const [, after = ''] = page.split(`## ${title}\n`);
  const [section = ''] = after.split('\n## ');
  return [...section.matchAll(/^\| ([A-Za-z, ]+?) *\| (?:`([^`]+)`)? *\|/gm)]
    .map(([, kinds = '', field = '']) => ({ kinds: kinds === 'any' ? [] : kinds.split(', '), field }))
    .filter(({ kinds }) => kinds[0] !== 'object');
}

interface Comparison {
  readonly theirs: MadeOfAll;
  readonly ours: MadeOfAll;
  /** Differences by MiniCluster. */
  readonly found: ReadonlyMap<string, readonly Difference[]>;
}

/** @param repository of the upstream operator whose program this is */
async function compared(program: string, repository: string, clusters: ReadonlyMap<string, Made>): Promise<Comparison> {
  const file = join(repository, 'config', 'crd', 'bases', 'flux-framework.org_miniclusters.yaml');
  const theirs = await madeBy(`${program} ${flags}`, parse(readFileSync(file, 'utf8')), clusters);
  const ebb = join(root, 'packages', 'operator', 'dist', 'operator.js');
  const ours = await madeBy(`node ${ebb} --no-leader-elect ${flags}`, customResourceDefinition(), clusters);
  const found = [...theirs.made]
    .filter(([, objects]) => objects.some(({ kind }) => kind === 'Job'))
    .map(([file, objects]) => [file, differences(objects, ours.made.get(file) ?? [])] as const);
  return { theirs, ours, found: new Map(found) };
}

function unforeseen({ found }: Comparison, table: readonly Foreseen[]) {
  return [...found].flatMap(([file, each]) =>
    each.filter((difference) => !table.some((row) => foresees(row, difference))).map((each) => ({ file, ...each })),
  );
}

const byField = listed('The objects, field by field');
describe.skipIf(!upstreamManager || !upstreamCheckout || !goVersion())('the upstream operator and ours', () => {
  let both: Comparison;
  beforeAll(async () => {
    const clusters = new Map([
      ...miniClustersIn(join(upstreamCheckout as string, 'examples')),
      ...miniClustersIn(join(root, 'test', 'operators', 'fields')),
    ]);
    both = await compared(upstreamManager as string, upstreamCheckout as string, clusters);
  }, 1_200_000);

  it('take the same MiniClusters', () => {
    expect([...both.ours.refused.keys()]).toEqual([...both.theirs.refused.keys()]);
    expect(both.found.size).toBeGreaterThan(75);
  });

  it('make objects that differ only where it is meant', () => {
    expect(unforeseen(both, byField)).toEqual([]);
  });

  it.each(byField)('differ in $kinds $field', (row) => {
    expect([...both.found.values()].flat().some((difference) => foresees(row, difference))).toBe(true);
  });
});

const ofV1alpha1 = listed('The objects of v1alpha1');
describe.skipIf(!old || !goVersion())('the upstream operator of v1alpha1 and ours', () => {
  let both: Comparison;
  beforeAll(async () => {
    const clusters = miniClustersIn(join(old as string, 'examples'));
    both = await compared(join(old as string, 'bin', 'manager'), old as string, clusters);
  }, 1_200_000);

  it('take all MiniClusters, and make of each at least what was made then', () => {
    expect([...both.ours.refused]).toEqual([]);
    expect([...both.theirs.refused]).toEqual([]);
    expect(both.found.size).toBe(64);
    const withoutJob = [...both.ours.made].filter(([, objects]) => !objects.some(({ kind }) => kind === 'Job'));
    expect(withoutJob.map(([file]) => file)).toEqual([]);
  });

  it('make objects that differ only where it is meant', () => {
    expect(unforeseen(both, [...byField, ...ofV1alpha1])).toEqual([]);
  });

  it.each(ofV1alpha1)('differ in $kinds $field', (row) => {
    expect([...both.found.values()].flat().some((difference) => foresees(row, difference))).toBe(true);
  });
});
