/** Reads R version 1, RFC 20, with the path of what is wrong in every error. */
import { FormatError } from './format-error.ts';
import { parseHostlist } from './hostlist.ts';
import { Idset } from './idset.ts';
import { parseJson } from './json.ts';

export interface ParsedR {
  /** By rank: kind of child to its ids. */
  children: Map<number, Map<string, Idset>>;
  /** In the order of the ranks; none when R names none. */
  hosts: string[];
  properties: Map<string, Idset>;
  details: { startTime: number; expiration: number; nslots?: number | undefined; scheduling?: unknown };
}

/** An R of more ranks is a mistake or an attack. */
const mostRanks = 1 << 20;

/** @throws FormatError with `path`, such as `execution.R_lite[0].children.core` */
export function parseR(value: unknown): ParsedR {
  const r = objectAt('the value', typeof value === 'string' ? parseText(value) : value);
  if (r['version'] !== 1) throw bad('version', 'must be 1', r['version']);
  const execution = objectAt('execution', r['execution']);
  const children = parseLite(execution['R_lite']);
  const hosts = parseHosts(execution['nodelist'], children.size);
  const properties = new Map<string, Idset>();
  if (execution['properties'] !== undefined && execution['properties'] !== null) {
    const ranks = Idset.of(children.keys());
    for (const [name, ids] of Object.entries(objectAt('execution.properties', execution['properties']))) {
      const path = `execution.properties.${name}`;
      if (!isPropertyName(name)) throw bad(path, 'is no name of a property', name);
      const set = idsetAt(path, ids);
      if (set.subtract(ranks).size > 0) throw bad(path, 'names ranks that R does not have', ids);
      properties.set(name, set);
    }
  }
  return {
    children,
    hosts,
    properties,
    details: {
      startTime: timeAt('execution.starttime', execution['starttime']),
      expiration: timeAt('execution.expiration', execution['expiration']),
      nslots: typeof execution['nslots'] === 'number' ? execution['nslots'] : undefined,
      scheduling: r['scheduling'],
    },
  };
}

/** Names of properties are words without the characters by which constraints are written. */
export function isPropertyName(name: string): boolean {
  return name !== '' && !/[!&'"^`|()]/.test(name);
}

function parseLite(lite: unknown): Map<number, Map<string, Idset>> {
  if (!Array.isArray(lite)) throw bad('execution.R_lite', 'must be an array', lite);
  const children = new Map<number, Map<string, Idset>>();
  for (const [index, item] of lite.entries()) {
    const path = `execution.R_lite[${index}]`;
    const entry = objectAt(path, item);
    const kinds = new Map<string, Idset>();
    for (const [kind, ids] of Object.entries(objectAt(`${path}.children`, entry['children']))) {
      kinds.set(kind, idsetAt(`${path}.children.${kind}`, ids));
    }
    const ranks = idsetAt(`${path}.rank`, entry['rank']);
    if (children.size + ranks.size > mostRanks)
      throw bad(`${path}.rank`, `makes more than ${mostRanks} ranks`, entry['rank']);
    for (const rank of ranks) {
      if (children.has(rank))
        throw bad(`${path}.rank`, `has rank ${rank}, which stands in an entry before`, entry['rank']);
      children.set(rank, kinds);
    }
  }
  return children;
}

function parseHosts(nodelist: unknown, ranks: number): string[] {
  if (nodelist === undefined || nodelist === null) return [];
  if (!Array.isArray(nodelist)) throw bad('execution.nodelist', 'must be an array', nodelist);
  const hosts = nodelist.flatMap((list, index) => inside(`execution.nodelist[${index}]`, list, parseHostlist));
  if (hosts.length > 0 && hosts.length !== ranks) {
    throw bad('execution.nodelist', `has ${hosts.length} hosts for ${ranks} ranks`, nodelist);
  }
  return hosts;
}

function parseText(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    throw new FormatError('R', text, `is not JSON: ${(error as Error).message}`);
  }
}

function bad(path: string, problem: string, found: unknown): FormatError {
  return FormatError.at('R', path, found === undefined ? `is missing: it ${problem}` : problem, found);
}

function objectAt(path: string, value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad(path, 'must be an object', value);
  return value as Record<string, unknown>;
}

function idsetAt(path: string, value: unknown): Idset {
  if (typeof value === 'number') return inside(path, String(value), Idset.parse);
  return inside(path, value, Idset.parse);
}

function timeAt(path: string, value: unknown): number {
  if (value === undefined || value === null) return 0;
  if (typeof value !== 'number' || !(value >= 0)) throw bad(path, 'must be seconds since 1970', value);
  return value;
}

function inside<T>(path: string, value: unknown, parse: (text: string) => T): T {
  if (typeof value !== 'string') throw bad(path, 'must be a string', value);
  try {
    return parse(value);
  } catch (error) {
    if (error instanceof FormatError) throw bad(path, `is no ${error.format}: ${error.problem}`, value);
    throw error;
  }
}
