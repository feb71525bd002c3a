/** `flux R decode`: part of a set, and what is asked of it. */
import { type Idset, parseConstraint, printHostlist, type ResourceSet } from '@ebb/flux-formats';
import type { COptions } from '../options/c-options.ts';
import { idsetOf } from './encode.ts';
import { shortForm } from './read-sets.ts';

/** The chosen part; no lines when the set itself is wanted. */
export function decoded(whole: ResourceSet, options: COptions): { set: ResourceSet; lines: string[] } {
  let set = whole;
  const ranksOf = (name: string, wrong: (text: string) => string): Idset | undefined => {
    const text = options.text(name);
    return text === undefined ? undefined : idsetOf(name, text, `${wrong(text)}: Invalid argument`);
  };
  const properties = options.text('properties')?.split(',').filter(Boolean);
  if (properties) set = set.pick(set.matching(parseConstraint({ properties })));
  const include = ranksOf('include', (text) => `Invalid ranks option: '${text}'`);
  if (include) set = set.pick(include);
  const exclude = ranksOf('exclude', (text) => `Invalid idset in --exclude option: ${text}`);
  if (exclude) set = set.remove(exclude);
  const lines: string[] = [];
  if (options.has('short')) lines.push(shortForm(set));
  if (options.has('nodelist')) lines.push(printHostlist(set.hosts));
  if (options.has('ranks')) lines.push(set.ranks.toString());
  const kind = options.text('count');
  if (kind !== undefined) lines.push(String(countOf(set, kind)));
  return { set, lines };
}

function countOf(set: ResourceSet, kind: string): number {
  if (kind === 'node') return set.nodeCount;
  return [...set.ranks].reduce((count, rank) => count + set.children(rank, kind).size, 0);
}
