/**
 * The upstream operator and ours make the same of the same MiniClusters, but for the differences that
 * docs/from-upstream.md lists; and each difference that it lists is there. Runs where the upstream operator's program
 * `manager` is on PATH and EBB_UPSTREAM_CHECKOUT names the repository that it was built from.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { customResourceDefinition } from '@ebb/minicluster';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { goVersion } from '../control-plane/binary.ts';
import { type Difference, differences, type Foreseen, foresees } from './differences.ts';
import { type MadeOfAll, madeBy, miniClustersIn } from './made-objects.ts';
import { upstreamCheckout, upstreamManager } from './upstream-manager.ts';

const root = join(import.meta.dirname, '..', '..');
const flags = '--metrics-bind-address 0 --health-probe-bind-address 0';

/** The table of docs/from-upstream.md. */
function listed(): Foreseen[] {
  const page = readFileSync(join(root, 'docs', 'from-upstream.md'), 'utf8');
  const [, section = ''] = page.split('## The objects, field by field');
  return [...section.matchAll(/^\| ([A-Za-z, ]+?) *\| (?:`([^`]+)`)? *\|/gm)]
    .map(([, kinds = '', field = '']) => ({ kinds: kinds === 'any' ? [] : kinds.split(', '), field }))
    .filter(({ kinds }) => kinds[0] !== 'object');
}

describe.skipIf(!upstreamManager || !upstreamCheckout || !goVersion())('the upstream operator and ours', () => {
  let theirs: MadeOfAll;
  let ours: MadeOfAll;
  /** Differences by MiniCluster. */
  let found: Map<string, Difference[]>;
  beforeAll(async () => {
    const clusters = new Map([
      ...miniClustersIn(join(upstreamCheckout as string, 'examples')),
      ...miniClustersIn(join(root, 'test', 'operators', 'fields')),
    ]);
    const file = join(upstreamCheckout as string, 'config', 'crd', 'bases', 'flux-framework.org_miniclusters.yaml');
    theirs = await madeBy(`${upstreamManager} ${flags}`, parse(readFileSync(file, 'utf8')), clusters);
    const program = join(root, 'packages', 'operator', 'dist', 'operator.js');
    ours = await madeBy(`node ${program} --no-leader-elect ${flags}`, customResourceDefinition(), clusters);
    found = new Map(
      [...theirs.made]
        .filter(([, objects]) => objects.some(({ kind }) => kind === 'Job'))
        .map(([file, objects]) => [file, differences(objects, ours.made.get(file) ?? [])]),
    );
  });

  it('take the same MiniClusters', () => {
    expect([...ours.refused.keys()]).toEqual([...theirs.refused.keys()]);
    expect(found.size).toBeGreaterThan(75);
  });

  it('make objects that differ only where it is meant', () => {
    const table = listed();
    const unforeseen = [...found].flatMap(([file, each]) =>
      each.filter((difference) => !table.some((row) => foresees(row, difference))).map((each) => ({ file, ...each })),
    );
    expect(unforeseen).toEqual([]);
  });

  it.each(listed())('differ in $kinds $field', (row) => {
    expect([...found.values()].flat().some((difference) => foresees(row, difference))).toBe(true);
  });
});
