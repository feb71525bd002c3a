/** What is generated stands in the repository and equals its source. UPDATE_GENERATED=1 writes it anew. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { customResourceDefinition } from '../crd/custom-resource-definition.ts';
import { apiPage } from './api-page.ts';

const root = resolve(import.meta.dirname, '../../../..');
const header =
  '# Made from the schema in packages/minicluster; do not edit. UPDATE_GENERATED=1 npm run test:unit makes it anew.\n';
const files: [string, () => string][] = [
  [
    'deploy/crd/flux-framework.org_miniclusters.yaml',
    () => header + stringify(customResourceDefinition(), { lineWidth: 0, aliasDuplicateObjects: false }),
  ],
  ['docs/api.md', apiPage],
];

it.each(files)('%s is up to date', (name, make) => {
  const path = join(root, name);
  if (process.env['UPDATE_GENERATED']) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, make());
  }
  expect(readFileSync(path, 'utf8'), `${name} differs: run with UPDATE_GENERATED=1`).toBe(make());
});
