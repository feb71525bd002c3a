// Boots from the [bootstrap] table: the rank is the place of this host's name in the list, all brokers share one
// certificate (reference 3.7).
import { lookup } from 'node:dns/promises';
import type { ConfigObject } from '../module.ts';
import { Topology } from '../overlay/topology.ts';
import { ZeromqTransport } from '../overlay/zeromq-transport.ts';
import type { Bootstrap } from './bootstrap.ts';
import { type BootstrapTable, parseBootstrap } from './bootstrap-table.ts';
import { loadCertificate } from './certificate.ts';

/** Undefined when the configuration has no [bootstrap] table. @throws {Error} with the reason, for a person. */
export async function bootFromConfig(
  config: ConfigObject,
  hostname: string,
  topologyScheme: string | undefined,
  warn: (text: string) => void,
): Promise<Bootstrap | undefined> {
  const table = parseBootstrap(config, hostname);
  if (!table) return undefined;
  const { hosts } = table;
  const rank = hosts.findIndex(({ host }) => host === hostname);
  const topology = Topology.create(topologyScheme ?? 'custom', hosts.length, hosts);
  const common = { method: 'config', rank, size: hosts.length, hostname, topology, attributes: {} };
  const hostnames = hosts.map(({ host }) => host);
  if (hosts.length === 1) {
    return { ...common, hostnames, transport: undefined, neighbours: { meet: async () => ({}) } };
  }
  const certificate = loadCertificate(table.curveCert!);
  const transport = new ZeromqTransport(certificate);
  transport.authorize(certificate.publicKey);
  const neighbours = { ...endpoints(table, rank, topology, warn), ipv6: table.enableIpv6 };
  return { ...common, hostnames, transport, neighbours };
}

function endpoints(
  table: BootstrapTable,
  rank: number,
  topology: Topology,
  warn: (text: string) => void,
): Bootstrap['neighbours'] {
  const own = table.hosts[rank]!;
  const parentRank = topology.parent(rank);
  let bind: string | undefined;
  if (topology.children(rank).length > 0) {
    if (own.bind === undefined) throw new Error(`bind URI is undefined for rank ${rank}`);
    if (own.connect === undefined) throw new Error(`connect URI is undefined for rank ${rank}`);
    bind = own.bind;
  }
  const parent = parentRank < 0 ? undefined : table.hosts[parentRank]!.connect;
  if (parentRank >= 0 && parent === undefined) throw new Error(`connect URI is undefined for rank ${parentRank}`);
  return {
    bind,
    async meet() {
      if (parent !== undefined) void warnOfUnknownHost(parent, warn);
      return { advertise: own.connect, parent };
    },
  };
}

/** ZeroMQ tries again in silence when a name cannot be resolved; the log should say so once. */
async function warnOfUnknownHost(endpoint: string, warn: (text: string) => void): Promise<void> {
  const host = /^tcp:\/\/(.*):[0-9]+$/.exec(endpoint)?.[1];
  if (host === undefined) return;
  try {
    await lookup(host.replace(/^\[(.*)\]$/, '$1'));
  } catch (error) {
    warn(`unable to resolve upstream peer ${host}: ${(error as NodeJS.ErrnoException).code}; trying again`);
  }
}
