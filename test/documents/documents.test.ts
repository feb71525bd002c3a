/** The documents hold what they say: links lead somewhere, scripts and files exist, and `ebb` knows the words in them. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { scenarios } from '@ebb/ebb/internal';
import { afterAll, describe, expect, test } from 'vitest';
import { ebb } from '../commands/ebb-command.ts';

const root = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'ebb-documents-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const documents = ['.', 'docs', ...readdirSync(join(root, 'packages')).map((name) => join('packages', name))].flatMap(
  (place) =>
    readdirSync(join(root, place))
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(place, name)),
);
const textOf = (document: string) => readFileSync(join(root, document), 'utf8');

/** Lines of blocks of code and words of code in a line. */
function codeOf(text: string): string[] {
  const parts = text.split('```');
  const blocks = parts.filter((_, index) => index % 2 === 1).flatMap((block) => block.split('\n').slice(1));
  const words = parts.filter((_, index) => index % 2 === 0).flatMap((prose) => prose.match(/`[^`\n]+`/g) ?? []);
  return [...blocks, ...words.map((word) => word.slice(1, -1))].map((line) => line.replace(/\s+#.*$/, '').trim());
}

describe.each(documents)('%s', (document) => {
  const text = textOf(document);
  const code = codeOf(text);

  test('links lead to what is there', () => {
    const targets = [...text.matchAll(/\]\(([^)#\s]+)(#[^)]*)?\)/g)].map((match) => match[1]!);
    const missing = targets.filter(
      (target) => !/^https?:/.test(target) && !existsSync(join(root, dirname(document), target)),
    );
    expect(missing).toEqual([]);
  });

  test('scripts and programs that it names exist', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
    const run = code.flatMap((line) => [...line.matchAll(/\bnpm run ([\w:-]+)/g)].map((match) => match[1]!));
    expect(run.filter((name) => !(name in scripts))).toEqual([]);
    const typed = code.flatMap((line) => [...line.matchAll(/\bnpx tsx ([\w./-]+\.ts)/g)].map((match) => match[1]!));
    expect(typed.filter((file) => file !== 'bench/NAME.ts' && !existsSync(join(root, file)))).toEqual([]);
  });
});

const linesOf = (document: string) =>
  codeOf(textOf(document)).filter((line) => /^(npx )?ebb [a-z]/.test(line) && !/[…|]/.test(line));
const typed = [...new Set(documents.flatMap(linesOf))].sort();

test.each(typed)('%s: ebb knows the words', async (line) => {
  const environment = { EBB_HOME: folder, HOME: folder, KUBECONFIG: undefined, XDG_STATE_HOME: undefined };
  const words = line.replace(/^npx /, '').split(/\s+/).slice(1);
  // These start something, or look at this machine; their words are those of the help.
  const starts = ['up', 'demo', 'doctor'].includes(words[0]!);
  const { stdout, stderr } = await ebb(starts ? [words[0]!, '--help'] : words, { environment });
  expect(stderr).not.toMatch(/^error:/);
  for (const option of starts ? words.filter((word) => word.startsWith('-')) : []) expect(stdout).toContain(option);
});

/** What troubleshooting quotes of kubectl, helm and an API server of 1.27; the first four are typed in first-cluster.test.ts. */
const saidByOthers = [
  'chart requires kubeVersion: >=1.27.0-0',
  'Apply failed with … conflicts',
  'conflict occurred while applying object',
  'invalid ownership metadata',
  "values don't meet the specifications of the schema(s)",
  'unknown field … fieldPath',
  'fieldPath: field not declared in schema',
];

test('what troubleshooting quotes as a symptom is what something says', () => {
  const symptoms = textOf('docs/troubleshooting.md')
    .split('\n')
    .filter((line) => /^\| (?!symptom|---)/.test(line))
    .flatMap((line) => line.split(' | ')[0]!.match(/`[^`]+`/g) ?? [])
    .map((word) => word.slice(1, -1));
  const quoted = symptoms.filter((word) => word.includes(' ') && !/^(kubectl|flux|ebb) [a-z]/.test(word));
  expect(quoted.length).toBeGreaterThan(10);
  const sources = readdirSync(join(root, 'packages'), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\/src\/.*(?<!\.test)\.ts$/.test(path) && !path.includes('node_modules'))
    .map((path) => readFileSync(join(root, 'packages', path), 'utf8'));
  // Numbers, and what stands for a name, are put in when it is said.
  const parts = (word: string) => word.split(/…|v?\d+\.\d+|^\w+\.\w+ (?=cannot)/).map((part) => part.trim());
  const isSaid = (word: string) => sources.some((text) => parts(word).every((part) => text.includes(part)));
  expect(quoted.filter((word) => !saidByOthers.includes(word) && !isSaid(word))).toEqual([]);
});

test('the README tells of every part of the walkthrough', () => {
  for (const { name } of scenarios) expect(textOf('README.md')).toMatch(new RegExp(`^\\|.*\`${name}\`.*\\|`, 'm'));
});

test('documents are looked at, all of them, and what they type', () => {
  expect(typed.length).toBeGreaterThan(10);
  expect(documents.map((each) => relative('.', each))).toEqual(
    expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'docs/scaling.md', 'packages/ebb/README.md']),
  );
});
