/** Ordered lists of host names in the hostlist format of RFC 29. */
import { FormatError } from './format-error.ts';

const longestList = 1_000_000;
/** Numbers of more digits are not exact; a name with one is not compressed, and a range of such is refused. */
const mostDigits = 15;

/**
 * The hosts of `foo[0-3,7],bar`, in order, repeats kept.
 * @throws FormatError for unbalanced brackets, descending ranges or too many hosts
 */
export function parseHostlist(text: string): string[] {
  const hosts: string[] = [];
  for (const { item, position } of itemsOf(text)) expand(text, item, position, hosts);
  return hosts;
}

function* itemsOf(text: string): Generator<{ item: string; position: number }> {
  let start = 0;
  let depth = 0;
  for (let i = 0; i <= text.length; i++) {
    const character = text[i];
    if (character === '[') depth++;
    if (character === ']') depth--;
    if (depth < 0 || depth > 1) throw new FormatError('hostlist', text, 'unmatched bracket', i);
    if (character !== undefined && (depth === 1 || !/[,\s]/.test(character))) continue;
    if (depth === 1) throw new FormatError('hostlist', text, 'a bracket is not closed', start);
    if (i > start) yield { item: text.slice(start, i), position: start };
    start = i + 1;
  }
}

function expand(text: string, item: string, position: number, hosts: string[]): void {
  const open = item.indexOf('[');
  if (open < 0) {
    push(text, hosts, item);
    return;
  }
  const close = item.indexOf(']', open);
  const prefix = item.slice(0, open);
  const rest: string[] = [];
  expand(text, item.slice(close + 1), position + close + 1, rest);
  const suffixes = close + 1 === item.length ? [''] : rest;
  let partPosition = position + open + 1;
  for (const part of item.slice(open + 1, close).split(',')) {
    const match = /^(\d+)(?:-(\d*))?$/.exec(part);
    const fail = (problem: string) => new FormatError('hostlist', text, problem, partPosition);
    if (!match) throw fail(`${JSON.stringify(part)} is no id or range`);
    if (part.length > 2 * mostDigits + 1) throw fail(`${JSON.stringify(part)} has too many digits`);
    const width = match[1]!.length;
    const first = Number(match[1]);
    const last = match[2] ? Number(match[2]) : first;
    if (!Number.isSafeInteger(last)) throw fail(`${JSON.stringify(part)} has too many digits`);
    if (last < first) throw fail('a range must ascend');
    for (let id = first; id <= last; id++) {
      for (const suffix of suffixes) push(text, hosts, `${prefix}${String(id).padStart(width, '0')}${suffix}`);
    }
    partPosition += part.length + 1;
  }
}

function push(text: string, hosts: string[], host: string): void {
  if (hosts.length >= longestList) throw new FormatError('hostlist', text, `more than ${longestList} hosts`);
  hosts.push(host);
}

interface Numbered {
  readonly prefix: string;
  readonly id: number;
  readonly digits: string;
}

/** The shortest hostlist of these hosts, in their order: the last number of neighbours with one prefix is compressed. */
export function printHostlist(hosts: readonly string[]): string {
  const groups: string[] = [];
  for (let i = 0; i < hosts.length; ) {
    const start = numbered(hosts[i]!);
    if (!start) {
      groups.push(hosts[i++]!);
      continue;
    }
    const members: Numbered[] = [start];
    for (i++; i < hosts.length; i++) {
      const next = numbered(hosts[i]!);
      if (!next || next.prefix !== start.prefix) break;
      members.push(next);
    }
    groups.push(members.length === 1 ? start.prefix + start.digits : `${start.prefix}[${printIds(members)}]`);
  }
  return groups.join(',');
}

function printIds(members: readonly Numbered[]): string {
  const parts: string[] = [];
  for (let i = 0; i < members.length; ) {
    const first = members[i]!;
    let last = first;
    for (i++; i < members.length && follows(first, last, members[i]!); i++) last = members[i]!;
    parts.push(last === first ? first.digits : `${first.digits}-${last.digits}`);
  }
  return parts.join(',');
}

// Whether expanding FIRST-NEXT gives back the very digits of next.
function follows(first: Numbered, last: Numbered, next: Numbered): boolean {
  return next.id === last.id + 1 && next.digits === String(next.id).padStart(first.digits.length, '0');
}

function numbered(host: string): Numbered | undefined {
  const match = /^(.*?)(\d+)$/s.exec(host);
  if (!match || match[2]!.length > mostDigits) return undefined;
  return { prefix: match[1]!, id: Number(match[2]), digits: match[2]! };
}
