/** `flux R`: makes, combines and reads resource sets. */
import { readFileSync } from 'node:fs';
import type { ResourceSet } from '@ebb/flux-formats';
import { CommandError, CommandExit } from '../command-module.ts';
import { pythonJson } from '../formats/python-json.ts';
import { type COptions, type CSyntax, cHelp, parseCOptions } from '../options/c-options.ts';
import { decoded } from '../resource-sets/decode.ts';
import { encoded, reranked, withProperties } from '../resource-sets/encode.ts';
import { configuredSet } from '../resource-sets/parse-config.ts';
import { readSets, shortForm } from '../resource-sets/read-sets.ts';
import { syntaxes } from '../resource-sets/syntaxes.ts';
import { verified } from '../resource-sets/verify.ts';

function put(set: ResourceSet): void {
  const object = set.toJSON();
  // Of nothing, flux-core prints one list of no hosts.
  const nodelist = set.nodeCount === 0 ? [''] : object.execution.nodelist;
  process.stdout.write(`${pythonJson({ ...object, execution: { ...object.execution, nodelist } })}\n`);
}

const actions: Readonly<Record<string, (options: COptions) => unknown>> = {
  encode: (options) => put(encoded(options)),
  append: () => put(combined('append', 1, appended)),
  diff: () => put(combined('diff', 2, (a, b) => a.subtract(b))),
  intersect: () => put(combined('intersect', 2, (a, b) => a.intersect(b).withoutProperties())),
  remap: () => put(united().remapped()),
  rerank: ({ words }) => {
    const set = united();
    if (words.length !== 1) throw new CommandError('Must provide a hostlist for re-ranking: Success');
    put(reranked(set, words[0]!));
  },
  decode(options) {
    const { set, lines } = decoded(united(), options);
    if (lines.length === 0) put(set);
    for (const line of lines) process.stdout.write(`${line}\n`);
  },
  async verify() {
    const text = await verified(readSets(readFileSync(0, 'utf8')));
    if (text !== undefined) process.stderr.write(`flux-R: ${text}\n`);
  },
  async 'parse-config'({ words }) {
    put(await configuredSet(words[0]));
  },
  'set-property': ({ words }) => put(withProperties(united(), words)),
};

export async function run(words: string[]): Promise<number> {
  const options = parseCOptions({ program: 'flux-R', usage: '', options: [], ownHelp: true }, words);
  const [name = '', ...rest] = options.words;
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (options.has('help') || !action) {
    process.stderr.write(usage());
    throw new CommandExit(options.has('help') ? 0 : 1);
  }
  await action(parseCOptions(syntaxes[name]!, rest));
  return 0;
}

function usage(): string {
  const lines = Object.values(syntaxes).map(({ program, usage: words }) => `${program} ${words}`);
  const about: CSyntax = {
    program: '',
    usage: '',
    description: 'Read, generate, and process RFC 20 Resource Set objects.\nOptions:',
    options: [],
  };
  return `Usage: ${lines.join('\n   or: ')}\n${cHelp(about).split('\n').slice(1).join('\n')}`;
}

function united(): ResourceSet {
  return combined('union', 1, (a, b) => a.union(b));
}

function combined(name: string, least: number, combine: (a: ResourceSet, b: ResourceSet) => ResourceSet): ResourceSet {
  const sets = readSets(readFileSync(0, 'utf8'));
  if (sets.length < least) throw new CommandError(`${name} requires at least ${least} resource sets`);
  return sets.reduce(combine);
}

function appended(a: ResourceSet, b: ResourceSet): ResourceSet {
  if (a.intersect(b).nodeCount > 0) {
    throw new CommandError(`R objects '${shortForm(a)}' and '${shortForm(b)}' overlap`);
  }
  return a.union(b);
}
