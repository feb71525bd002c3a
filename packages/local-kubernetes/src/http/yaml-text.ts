/** YAML as Kubernetes reads it: that of 1.1, where of keys that stand twice the last one counts, but strict decoding tells. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { goQuote } from '../schema/field-error.ts';

const mostAliases = 100;

export interface YamlContent {
  readonly value: unknown;
  /** A sentence for each key that stands twice in one map: `line 4: key "b" already set in map`. */
  readonly twice: readonly string[];
}

/** Reads the first document of a text. @throws Error for a text that is none */
export function readYaml(text: string): YamlContent {
  const [first = ''] = text.split(/^---\s*$/m, 2).filter((part) => part.trim() !== '');
  const lineCounter = new LineCounter();
  const document = parseDocument(first, {
    version: '1.1',
    uniqueKeys: false,
    lineCounter,
    // yes, on and 0644 are what they were, but times are the texts that they are.
    customTags: (tags) => tags.filter((each) => typeof each === 'string' || !each.tag.endsWith(':timestamp')),
  });
  const [problem] = document.errors;
  if (problem) throw problem;
  const value: unknown = document.toJS({ maxAliasCount: mostAliases });
  const twice: string[] = [];
  lookForTwice(document.contents, (node) => lineCounter.linePos(node.range?.[0] ?? 0).line, twice);
  return { value, twice };
}

/** A key is told of by the line of its value, after all that is told of within the value. */
function lookForTwice(node: unknown, lineOf: (node: Node) => number, found: string[]): void {
  if (isSeq(node)) for (const item of node.items) lookForTwice(item, lineOf, found);
  if (!isMap(node)) return;
  const seen = new Set<unknown>();
  for (const { key, value } of node.items) {
    lookForTwice(value, lineOf, found);
    if (!isScalar(key) || key.value === '<<') continue;
    const at = isScalar(value) || isMap(value) || isSeq(value) || isAlias(value) ? value : key;
    if (seen.has(key.value)) found.push(`line ${lineOf(at)}: key ${keyText(key.value)} already set in map`);
    seen.add(key.value);
  }
}

function keyText(key: unknown): string {
  return typeof key === 'string' ? goQuote(key) : String(key);
}

/** What strict decoding says of all of them at once. */
export const allTwice = (twice: readonly string[]) => `yaml: unmarshal errors:\n  ${twice.join('\n  ')}`;
