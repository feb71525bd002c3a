// Lets pods reach what this machine reaches: it forwards for them, under its own address, by nft(8) or iptables(8).

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { runCommand } from './run-command.ts';

export interface PodEgress {
  stop(): Promise<void>;
}

export interface EgressOptions {
  /** The pods' link on this machine. */
  readonly link: string;
  /** The pods' addresses, such as 10.64.0.0/20. */
  readonly addresses: string;
}

/**
 * What a killed agent with the same link left is replaced.
 * @throws Error with the remedy, where this machine has neither program or does not let us
 */
export async function openEgress({ link, addresses }: EgressOptions): Promise<PodEgress> {
  const failures: string[] = [];
  for (const masquerade of [byNft, byIptables]) {
    try {
      const undo = await masquerade(link, addresses);
      const restore = await forward(link);
      return {
        async stop() {
          restore();
          await undo();
        },
      };
    } catch (error) {
      failures.push((error as Error).message);
    }
  }
  throw new Error(`${failures.join('; ')}: install nftables or iptables, and run as root`);
}

async function byNft(link: string, addresses: string): Promise<() => Promise<void>> {
  const table = `ip local-kubernetes-${link}`;
  // Adding first makes the deletion of a table that is not there none.
  const rules = `add table ${table}
delete table ${table}
table ${table} {
  chain postrouting {
    type nat hook postrouting priority 100;
    ip saddr ${addresses} oifname != "${link}" masquerade
  }
}`;
  await runCommand('nft', ['-f', '-'], rules);
  return () => runCommand('nft', ['delete', 'table', ...table.split(' ')]).then(ignored, ignored);
}

async function byIptables(link: string, addresses: string): Promise<() => Promise<void>> {
  const rules = [
    ['-t', 'nat', 'POSTROUTING', '-s', addresses, '!', '-o', link, '-j', 'MASQUERADE'],
    // Where Docker is, what is not accepted is dropped.
    ['-t', 'filter', 'FORWARD', '-i', link, '-j', 'ACCEPT'],
    ['-t', 'filter', 'FORWARD', '-o', link, '-j', 'ACCEPT'],
  ];
  const words = (action: string, [flag, table, ...rule]: string[]) => ['-w', flag!, table!, action, ...rule];
  const remove = async (): Promise<void> => {
    for (const rule of rules) await runCommand('iptables', words('-D', rule)).then(ignored, ignored);
  };
  await remove();
  for (const rule of rules) await runCommand('iptables', words('-I', rule));
  return remove;
}

const ignored = (): void => {};

/** Forwards between the pods' link and those of the routes of this machine. Returns the way back. */
async function forward(link: string): Promise<() => void> {
  const routes = await runCommand('ip', ['-4', '-o', 'route', 'show']);
  const links = new Set([link, ...[...routes.matchAll(/ dev (\S+)/g)].map(([, name]) => name!)]);
  const changed: string[] = [];
  for (const name of links) {
    const path = `/proc/sys/net/ipv4/conf/${name}/forwarding`;
    if (!existsSync(path) || readFileSync(path, 'utf8').trim() === '1') continue;
    writeFileSync(path, '1');
    if (name !== link) changed.push(path);
  }
  return () => {
    for (const path of changed) if (existsSync(path)) writeFileSync(path, '0');
  };
}

const stub = '/etc/resolv.conf';
const upstream = '/run/systemd/resolve/resolv.conf';

/** The file with the name servers for pods, where it is not their own /etc/resolv.conf: a stub listens for this machine alone. */
export function resolverFile(): string | undefined {
  try {
    return /^nameserver\s+127\./m.test(readFileSync(stub, 'utf8')) && existsSync(upstream) ? upstream : undefined;
  } catch {
    return undefined;
  }
}
