// The [resource] table of the configuration (flux-config-resource(5)).
import { readFileSync } from 'node:fs';
import { Idset, parseDuration, parseHostlist, ResourceSet } from '@ebb/flux-formats';
import type { ConfigObject } from '../module.ts';
import { rerank } from './rerank.ts';
import { readVerification, type VerifyConfig } from './verify.ts';

export interface ResourceConfig {
  /** R from `resource.config` or `resource.path`; undefined when it has to be found otherwise. */
  R: ResourceSet | undefined;
  exclude: string | undefined;
  noverify: boolean;
  verify: VerifyConfig;
  journalMax: number;
  /** Seconds that drain events are kept in the log; Infinity keeps all. */
  historySeconds: number;
}

const knownKeys: Readonly<Record<string, 'string' | 'boolean' | 'integer' | 'any'>> = {
  path: 'string',
  scheduling: 'string',
  config: 'any',
  verify: 'any',
  exclude: 'string',
  norestrict: 'boolean',
  noverify: 'boolean',
  'no-update-watch': 'boolean',
  rediscover: 'boolean',
  'journal-max': 'integer',
  history: 'string',
};

/** Reads the table and the files it names. @throws {Error} with the reason, for a person. */
export function readResourceConfig(config: ConfigObject, hostnames: readonly string[]): ResourceConfig {
  const table = (config['resource'] ?? {}) as Record<string, unknown>;
  const fail = (reason: string) => new Error(`error parsing [resource] configuration: ${reason}`);
  for (const [key, value] of Object.entries(table)) {
    const type = knownKeys[key];
    if (type === undefined) throw fail(`unknown key '${key}'`);
    const isGood = type === 'any' || (type === 'integer' ? Number.isInteger(value) : typeof value === type);
    if (!isGood) throw fail(`${key} must be a ${type}`);
  }
  let verify: VerifyConfig;
  try {
    verify = readVerification(table['verify']);
  } catch (error) {
    throw fail((error as Error).message);
  }
  let R: ResourceSet | undefined;
  if (table['config'] !== undefined) R = resourcesFromTable(table['config']);
  else if (typeof table['path'] === 'string') R = readR(table['path']);
  if (typeof table['scheduling'] === 'string') {
    if (!R) throw fail('resource.scheduling requires resource.path or [resource.config]');
    R = R.withDetails({ scheduling: readJson(table['scheduling']) });
  }
  if (R && config['bootstrap'] !== undefined) R = rerank(R, hostnames);
  return {
    R,
    exclude: table['exclude'] as string | undefined,
    noverify: table['noverify'] === true,
    verify,
    journalMax: (table['journal-max'] as number | undefined) ?? 100_000,
    historySeconds: parseDuration((table['history'] as string | undefined) ?? '90d'),
  };
}

/** `[[resource.config]]`: an array of {hosts, cores, gpus, properties}; a host may stand in several entries. */
export function resourcesFromTable(value: unknown): ResourceSet {
  const fail = (reason: string) => new Error(`error parsing [resource.config] array: ${reason}`);
  if (!Array.isArray(value)) throw fail('must be an array');
  const hosts: string[] = [];
  const byHost = new Map<string, { cores: string; gpus: string; properties: Set<string> }>();
  for (const [index, entry] of (value as Record<string, unknown>[]).entries()) {
    const where = `config[${index}]`;
    if (typeof entry?.['hosts'] !== 'string') throw fail(`${where}: hosts must be a hostlist`);
    for (const key of Object.keys(entry)) {
      if (!['hosts', 'cores', 'gpus', 'properties'].includes(key)) throw fail(`${where}: unknown key '${key}'`);
    }
    for (const host of parseHostlist(entry['hosts'])) {
      let node = byHost.get(host);
      if (!node) {
        hosts.push(host);
        byHost.set(host, (node = { cores: '', gpus: '', properties: new Set() }));
      }
      if (typeof entry['cores'] === 'string') node.cores = entry['cores'];
      if (typeof entry['gpus'] === 'string') node.gpus = entry['gpus'];
      for (const name of (entry['properties'] as string[] | undefined) ?? []) node.properties.add(name);
    }
  }
  const ranksOf = new Map<string, number[]>();
  const entries = hosts.map((host, rank) => {
    const { cores, gpus, properties } = byHost.get(host)!;
    if (cores === '') throw fail(`resource.config: host ${host} has no cores assigned`);
    for (const name of properties) ranksOf.set(name, [...(ranksOf.get(name) ?? []), rank]);
    return { rank: String(rank), children: gpus === '' ? { core: cores } : { core: cores, gpu: gpus } };
  });
  const properties = Object.fromEntries([...ranksOf].map(([name, ranks]) => [name, Idset.of(ranks).toString()]));
  return ResourceSet.parse({
    version: 1,
    execution: { R_lite: entries, starttime: 0, expiration: 0, nodelist: hosts, properties },
  });
}

/** @throws {Error} naming the file. */
export function readR(path: string): ResourceSet {
  const value = readJson(path);
  try {
    return ResourceSet.parse(value);
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
  }
}
