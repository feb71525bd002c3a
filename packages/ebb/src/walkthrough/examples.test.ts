/** The files in examples/ are what the walkthrough applies, so that who follows it by hand sees the same. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseManifests } from '../commands/manifests.ts';
import { scenarios } from './scenarios.ts';

const examples = join(import.meta.dirname, '..', '..', '..', '..', 'examples');
const names = readdirSync(examples, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

test('every scenario has its example, and every example its scenario', () => {
  expect(names).toEqual(scenarios.map(({ name }) => name).sort());
});

test.each(scenarios.map((scenario) => [scenario.name, scenario] as const))('%s', (name, { steps }) => {
  const applied = steps.flatMap(({ manifest }) => (manifest ? [manifest] : []));
  expect(applied).not.toEqual([]);
  const file = join(examples, name, 'minicluster.yaml');
  const typed = applied.flatMap((manifest) => parseManifests(manifest.text, manifest.file));
  expect(parseManifests(readFileSync(file, 'utf8'), file)).toEqual(typed);
});
