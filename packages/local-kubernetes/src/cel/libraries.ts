/** The functions Kubernetes adds to CEL: lists, regular expressions, URLs, quantities, addresses, networks, sets, format. */
import type { Environment } from '@marcbachmann/cel-js';
import { compilePattern } from '../schema/patterns.ts';
import type { AddFunction } from './add-function.ts';
import { celEqual } from './cel-types.ts';
import { formatText } from './format.ts';
import { registerNetworks } from './network-library.ts';
import { registerQuantities } from './quantity-library.ts';

type Comparable = bigint | number | string | Date;

/** Declares everything in the environment and returns it. */
export function registerLibraries(environment: Environment): Environment {
  const add: AddFunction = (signature, handler) => environment.registerFunction(signature, handler as never);
  registerLists(add);
  registerTexts(add);
  registerSets(environment, add);
  registerUrls(environment, add);
  registerQuantities(environment, add);
  registerNetworks(environment, add);
  environment.registerOperator('int == double', ((a: bigint, b: number) => Number(a) === b) as never);
  return environment;
}

function registerLists(add: AddFunction): void {
  add('list.isSorted(): bool', (list: Comparable[]) =>
    list.every((item, index) => index === 0 || list[index - 1]! <= item),
  );
  add('list<A>.sum(): A', (list: (bigint | number)[]) =>
    list.length === 0 ? 0n : list.reduce((total, item) => (total as never) + (item as never)),
  );
  add('list<A>.min(): A', (list: Comparable[]) => extreme(list, 'min', (a, b) => a < b));
  add('list<A>.max(): A', (list: Comparable[]) => extreme(list, 'max', (a, b) => a > b));
  add('list.indexOf(dyn): int', (list: unknown[], wanted: unknown) =>
    BigInt(list.findIndex((item) => celEqual(item, wanted))),
  );
  add('list.lastIndexOf(dyn): int', (list: unknown[], wanted: unknown) =>
    BigInt(list.findLastIndex((item) => celEqual(item, wanted))),
  );
}

function extreme(list: Comparable[], name: string, isBetter: (a: Comparable, b: Comparable) => boolean): Comparable {
  const [first, ...rest] = list;
  if (first === undefined) throw new Error(`${name} called on empty list`);
  return rest.reduce((best, item) => (isBetter(item, best) ? item : best), first);
}

function registerTexts(add: AddFunction): void {
  add('string.charAt(int): string', (text: string, index: bigint) => {
    const characters = [...text];
    if (index < 0n || index > characters.length) throw new Error(`index out of range: ${index}`);
    return characters[Number(index)] ?? '';
  });
  add('string.replace(string, string): string', (text: string, old: string, next: string) =>
    text.replaceAll(old, next),
  );
  add('string.replace(string, string, int): string', (text: string, old: string, next: string, times: bigint) => {
    if (times < 0n) return text.replaceAll(old, next);
    let result = '';
    let rest = text;
    for (let count = 0n; count < times; count++) {
      const at = rest.indexOf(old);
      if (at < 0) break;
      result += rest.slice(0, at) + next;
      rest = rest.slice(at + old.length);
    }
    return result + rest;
  });
  add('string.find(string): string', (text: string, pattern: string) => {
    return expression(pattern).exec(text)?.[0] ?? '';
  });
  add('string.findAll(string): list<string>', (text: string, pattern: string) => findAll(text, pattern, -1n));
  add('string.findAll(string, int): list<string>', findAll as never);
  add('string.format(list): string', (text: string, values: unknown[]) => formatText(text, values));
}

function expression(pattern: string): RegExp {
  const compiled = compilePattern(pattern);
  if (!compiled) throw new Error(`error parsing regexp: ${pattern}`);
  return compiled;
}

function findAll(text: string, pattern: string, limit: bigint): string[] {
  const compiled = expression(pattern);
  const found = [...text.matchAll(new RegExp(compiled, `${compiled.flags}g`))].map(([match]) => match);
  return limit < 0n ? found : found.slice(0, Number(limit));
}

class SetsNamespace {}

function registerSets(environment: Environment, add: AddFunction): void {
  environment.registerType('SetsNamespace', SetsNamespace);
  environment.registerConstant('sets', 'SetsNamespace', new SetsNamespace() as never);
  const includes = (list: unknown[], wanted: unknown) => list.some((item) => celEqual(item, wanted));
  const contains = (all: unknown[], some: unknown[]) => some.every((item) => includes(all, item));
  add('SetsNamespace.contains(list, list): bool', (_: object, a: unknown[], b: unknown[]) => contains(a, b));
  add(
    'SetsNamespace.equivalent(list, list): bool',
    (_: object, a: unknown[], b: unknown[]) => contains(a, b) && contains(b, a),
  );
  add('SetsNamespace.intersects(list, list): bool', (_: object, a: unknown[], b: unknown[]) =>
    a.some((item) => includes(b, item)),
  );
}

class Url {
  readonly url: URL;
  readonly isPathOnly: boolean;
  constructor(text: string) {
    this.isPathOnly = text.startsWith('/');
    this.url = this.isPathOnly ? new URL(text, 'path://none') : new URL(text);
  }
}

function registerUrls(environment: Environment, add: AddFunction): void {
  environment.registerType('URL', { ctor: Url, fields: {} } as never);
  const parse = (text: string): Url | undefined => {
    try {
      return /^(\/|[a-zA-Z][a-zA-Z0-9+.-]*:)/.test(text) ? new Url(text) : undefined;
    } catch {
      return undefined;
    }
  };
  add('isURL(string): bool', (text: string) => parse(text) !== undefined);
  add('url(string): URL', (text: string) => {
    const url = parse(text);
    if (!url)
      throw new Error(
        `URL parse error during conversion from string: parse ${JSON.stringify(text)}: invalid URI for request`,
      );
    return url;
  });
  const part = (name: string, read: (url: URL) => string) =>
    add(`URL.${name}(): string`, (given: Url) => (given.isPathOnly && !name.includes('Path') ? '' : read(given.url)));
  part('getScheme', (url) => url.protocol.replace(/:$/, ''));
  part('getHost', (url) => url.host);
  part('getHostname', (url) => url.hostname.replace(/^\[|\]$/g, ''));
  part('getPort', (url) => url.port);
  part('getEscapedPath', (url) => url.pathname);
  add('URL.getQuery(): map<string, list<string>>', ({ url }: Url) => {
    const query = new Map<string, string[]>();
    for (const [name, value] of url.searchParams) query.set(name, [...(query.get(name) ?? []), value]);
    return query;
  });
}
