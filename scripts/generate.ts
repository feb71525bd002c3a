/**
 * Writes what is generated and checked in: the chart's copy of the CRD and of the operator's rules, and the single-file
 * manifest, which is the chart rendered with its default values. `--check` writes nothing and exits 1 on a difference.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { packagedTool } from '@ebb/ebb/internal';
import { operatorRules } from '@ebb/operator';
import { stringify } from 'yaml';

const root = resolve(import.meta.dirname, '..');
const chart = join(root, 'deploy/chart/ebb-operator');
const check = process.argv.includes('--check');
const different: string[] = [];

function generated(path: string, text: string): void {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  different.push(path.slice(root.length + 1));
  if (check) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

const definition = readFileSync(join(root, 'deploy/crd/flux-framework.org_miniclusters.yaml'), 'utf8');
generated(join(chart, 'files/miniclusters.yaml'), definition);
const { watched, own } = operatorRules();
generated(join(chart, 'files/rules.yaml'), stringify(watched));
generated(join(chart, 'files/own-rules.yaml'), stringify(own));

const helm = await packagedTool('helm');
if (!helm) throw new Error('helm comes with the development dependencies: npm ci');
const rendered = execFileSync(
  helm.path,
  ['template', 'ebb-operator', chart, '--namespace', 'operator-system', '--skip-tests'],
  { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
);
const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: operator-system\n';
generated(
  join(root, 'deploy/dist/ebb-operator.yaml'),
  `# The Ebb operator and the MiniCluster API, for kubectl apply --server-side -f. Generated from deploy/chart (npm run generate).\n---\n${namespace}${rendered}`,
);

for (const path of different) console.error(`${path}: ${check ? 'differs; run: npm run generate' : 'written'}`);
if (check && different.length > 0) process.exitCode = 1;
