// The [bootstrap] table of the configuration: who the brokers of the instance are and how they reach each other
// (flux-config-bootstrap(5); reference 3.7). Pure.
import { parseHostlist } from '@ebb/flux-formats';
import type { ConfigObject } from '../module.ts';

export interface BootstrapHost {
  host: string;
  /** Where this host's broker listens, templates filled in. */
  bind?: string;
  /** Where its children find it. */
  connect?: string;
  parent?: string;
}

export interface BootstrapTable {
  /** In rank order. */
  hosts: BootstrapHost[];
  /** Path of the certificate; required when there is more than one host. */
  curveCert: string | undefined;
  enableIpv6: boolean;
}

/** Starts with `Config file error [bootstrap]:`. */
export class BootstrapError extends Error {
  override readonly name = 'BootstrapError';

  constructor(reason: string) {
    super(`Config file error [bootstrap]: ${reason}`);
  }
}

interface Defaults {
  port: number;
  bind: string | undefined;
  connect: string | undefined;
}

const keys = {
  hosts: 'array',
  curve_cert: 'string',
  default_port: 'integer',
  default_bind: 'string',
  default_connect: 'string',
  enable_ipv6: 'boolean',
} as const;

/** Undefined when the configuration has no such table. @throws {BootstrapError} */
export function parseBootstrap(config: ConfigObject, hostname: string): BootstrapTable | undefined {
  const table = config['bootstrap'];
  if (table === undefined) return undefined;
  if (!isTable(table)) throw new BootstrapError('must be a table');
  for (const [key, value] of Object.entries(table)) {
    const type = keys[key as keyof typeof keys];
    if (type === undefined) throw new BootstrapError(`unknown key '${key}'`);
    if (!hasType(value, type))
      throw new BootstrapError(`${key} must be ${type === 'array' ? 'array type' : `a ${type}`}`);
  }
  const port = (table['default_port'] as number | undefined) ?? -1;
  if (port !== -1 && (port < 0 || port > 65535)) {
    throw new BootstrapError('default_port must be in the range of 0-65535');
  }
  const defaults: Defaults = {
    port,
    bind: table['default_bind'] as string | undefined,
    connect: table['default_connect'] as string | undefined,
  };
  const hosts = expandHosts((table['hosts'] as unknown[] | undefined) ?? [], hostname, defaults);
  const curveCert = table['curve_cert'] as string | undefined;
  if (hosts.length > 1 && curveCert === undefined) throw new BootstrapError('curve_cert must be defined for size > 1');
  return { hosts, curveCert, enableIpv6: table['enable_ipv6'] === true };
}

/** Fills `%h`, `%p` and `%%` into a template of an endpoint. */
export function fillEndpoint(template: string, host: string, port: number): string {
  return template.replace(/%(.)/g, (whole, token: string) => {
    if (token === 'h') return host;
    if (token === 'p') return String(port);
    return token === '%' ? '%' : whole;
  });
}

function expandHosts(entries: unknown[], hostname: string, defaults: Defaults): BootstrapHost[] {
  if (entries.length === 0) return [{ host: hostname }];
  const byName = new Map<string, Record<string, unknown>>();
  for (const [index, entry] of entries.entries()) {
    const fail = (reason: string) => new BootstrapError(`invalid hosts[${index}]: ${reason}`);
    if (!isTable(entry)) throw fail('must be a table');
    if (typeof entry['host'] !== 'string') throw fail('Object item not found: host');
    let names: string[];
    try {
      names = parseHostlist(entry['host']);
    } catch {
      throw fail('host key is not a valid RFC 29 hostlist');
    }
    // A host that appears again adds the keys it does not have yet.
    for (const name of names) byName.set(name, { ...entry, ...byName.get(name), host: name });
  }
  const hosts = [...byName.values()].map((entry, index) => {
    const reason = (text: string) => new BootstrapError(`invalid hosts[${index}]: ${text}`);
    return resolveHost(entry, byName, defaults, reason);
  });
  if (!byName.has(hostname)) throw new BootstrapError(`${hostname} not found in hosts`);
  return hosts;
}

function resolveHost(
  entry: Record<string, unknown>,
  known: ReadonlyMap<string, unknown>,
  defaults: Defaults,
  failure: (reason: string) => Error,
): BootstrapHost {
  for (const [key, value] of Object.entries(entry)) {
    if (!['host', 'bind', 'connect', 'parent'].includes(key)) throw failure(`unknown key '${key}'`);
    if (typeof value !== 'string') throw failure(`${key} must be a string`);
  }
  const { host, bind, connect, parent } = entry as unknown as BootstrapHost;
  const problem = domainNameProblem(host);
  if (problem) throw failure(`${host} ${problem}`);
  if (parent === host) throw failure('parent key refers to self');
  if (parent !== undefined && !known.has(parent)) throw failure('parent key refers to unknown host');
  const resolved: BootstrapHost = parent === undefined ? { host } : { host, parent };
  for (const [key, template] of [
    ['bind', bind ?? defaults.bind],
    ['connect', connect ?? defaults.connect],
  ] as const) {
    if (template === undefined) continue;
    const endpoint = fillEndpoint(template, host, defaults.port);
    const trouble = endpointProblem(endpoint);
    if (trouble) throw failure(`${key} key ${trouble}`);
    resolved[key] = endpoint;
  }
  return resolved;
}

function endpointProblem(endpoint: string): string | undefined {
  const scheme = /^([a-z]+):\/\/(.*)$/s.exec(endpoint);
  if (!scheme) return `${endpoint} has no URI scheme`;
  if (endpoint.includes(':*')) return `${endpoint} contains 0MQ port wildcard`;
  const [, name, rest] = scheme;
  if (name === 'ipc') {
    if (rest === '') return `${endpoint} socket path is empty`;
    if (Buffer.byteLength(rest!) > 108) return `${endpoint} socket path must not exceed 108 bytes`;
    return undefined;
  }
  if (name !== 'tcp') return `${endpoint} URI scheme must be tcp or ipc`;
  return rest === '' ? `${endpoint} address is empty` : undefined;
}

function domainNameProblem(name: string): string | undefined {
  if (name.length < 1 || name.length > 253) return 'domain must be 1-253 characters';
  for (const label of name.split('.').filter((part) => part !== '')) {
    if (label.length > 63) return 'must be 1-63 characters';
    if (label.startsWith('-') || label.endsWith('-')) return "domain label must not start or end with '-'";
    const bad = /[^A-Za-z0-9-]/.exec(label)?.[0];
    if (bad !== undefined) {
      return `domain label contains invalid character '${bad}' (0x${bad.charCodeAt(0).toString(16)})`;
    }
  }
  return undefined;
}

function hasType(value: unknown, type: (typeof keys)[keyof typeof keys]): boolean {
  if (type === 'array') return Array.isArray(value);
  return type === 'integer' ? Number.isInteger(value) : typeof value === type;
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
