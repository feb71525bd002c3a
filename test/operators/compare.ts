/**
 * Compares what two operators made of the same MiniClusters (`collect.ts`), object by object and field by field, and
 * prints the differences grouped by field.
 *
 *   npx tsx test/operators/compare.ts FIRST SECOND
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { differences } from './differences.ts';

const [first, second] = process.argv.slice(2);
if (!first || !second) {
  console.error('usage: npx tsx test/operators/compare.ts FIRST SECOND (folders that collect.ts wrote)');
  process.exit(2);
}
const files = readdirSync(first).filter((file) => existsSync(join(second, file)));
const groups = new Map<string, { files: Set<string>; sample: string }>();
for (const file of files) {
  const read = (folder: string) => JSON.parse(readFileSync(join(folder, file), 'utf8'));
  for (const { kind, field, first: one, second: other } of differences(read(first), read(second))) {
    const side = one === undefined ? 'only second' : other === undefined ? 'only first' : 'both';
    const group = `${kind} ${field.replaceAll(/\[[^\]]*\]/g, '[]')} (${side})`;
    const known = groups.get(group) ?? { files: new Set(), sample: '' };
    known.files.add(file);
    known.sample ||= `${field}: ${shown(one)} | ${shown(other)}   [${file}]`;
    groups.set(group, known);
  }
}
console.log(`${files.length} MiniClusters compared`);
for (const [group, { files: in_, sample }] of [...groups].sort(([a], [b]) => a.localeCompare(b))) {
  console.log(`${group}: ${in_.size}\n    ${sample}`);
}

function shown(text: string | undefined): string {
  if (text === undefined) return '(absent)';
  return text.length > 160 ? `${text.slice(0, 160)}...` : text;
}
