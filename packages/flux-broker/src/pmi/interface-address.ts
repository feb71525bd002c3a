// The address under which other hosts reach this one, picked by attribute tbon.interface-hint: `default-route`,
// `hostname`, the name of an interface, or a network such as 10.0.0.0/8.
import { lookup } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { BlockList } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';

/** @throws {Error} naming the hint when nothing fits it */
export async function interfaceAddress(hint: string): Promise<string> {
  if (hint === 'hostname') return (await lookup(hostname())).address;
  if (hint === 'default-route') return addressOf(defaultInterface()) ?? firstExternal() ?? '127.0.0.1';
  const network = /^([0-9a-fA-F.:]+)\/([0-9]+)$/.exec(hint);
  const found = network ? addressWithin(network[1]!, Number(network[2])) : addressOf(hint);
  if (found === undefined) {
    const names = Object.keys(networkInterfaces()).join(', ');
    throw new Error(`tbon.interface-hint=${hint} fits no address of this host (interfaces: ${names})`);
  }
  return found;
}

function addressOf(name: string | undefined): string | undefined {
  const addresses = name === undefined ? undefined : networkInterfaces()[name];
  return (addresses?.find(({ family }) => family === 'IPv4') ?? addresses?.[0])?.address;
}

function addressWithin(network: string, prefix: number): string | undefined {
  const family = network.includes(':') ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  list.addSubnet(network, prefix, family);
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ address }) => list.check(address, family))?.address;
}

function firstExternal(): string | undefined {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ internal, family }) => !internal && family === 'IPv4')?.address;
}

/** The interface of the route to everywhere, by Linux's own table. */
function defaultInterface(): string | undefined {
  try {
    const rows = readFileSync('/proc/net/route', 'utf8').trim().split('\n').slice(1);
    return rows.map((row) => row.split('\t')).find(([, destination]) => destination === '00000000')?.[0];
  } catch {
    return undefined;
  }
}
