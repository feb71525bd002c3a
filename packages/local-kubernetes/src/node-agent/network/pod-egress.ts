// Lets pods reach what this machine reaches: it forwards for them, under its own address, by nft(8) or iptables(8). Pods
// of other agents of the machine see them under their own.

import { existsSync, writeFileSync } from 'node:fs';
import { byNftOrIptables } from '../host/filter-program.ts';
import { runCommand } from '../host/run-command.ts';
import { podLinks } from './pod-network.ts';

export interface EgressOptions {
  /** The pods' link on this machine; absent where only root could make one. */
  readonly link: string | undefined;
  /** The pods' addresses, such as 10.64.0.0/20. */
  readonly addresses: string;
}

/**
 * @param atEnd hears the lines of shell by which what is made goes again
 * @throws Error with the remedy, where this machine has neither program or does not let us
 */
export async function openEgress({ link, addresses }: EgressOptions, atEnd: (duty: string) => void): Promise<void> {
  if (!link) throw new Error("only root can join pods to this machine's network");
  const by = (masquerade: typeof byNft) => async () => {
    await masquerade(link, addresses, atEnd);
    await forward(link, atEnd);
  };
  await byNftOrIptables({ nft: by(byNft), iptables: by(byIptables) });
}

async function byNft(link: string, addresses: string, atEnd: (duty: string) => void): Promise<void> {
  const table = `ip local-kubernetes-${link}`;
  // Adding first makes the deletion of a table that is not there none.
  const rules = `add table ${table}
delete table ${table}
table ${table} {
  chain postrouting {
    type nat hook postrouting priority 100;
    ip saddr ${addresses} oifname != "${podLinks}*" masquerade
  }
}`;
  await runCommand('nft', ['-f', '-'], rules);
  atEnd(`nft delete table ${table}`);
}

async function byIptables(link: string, addresses: string, atEnd: (duty: string) => void): Promise<void> {
  const rules = [
    `-t nat ACTION POSTROUTING -s ${addresses} ! -o ${podLinks}+ -m comment --comment ${link} -j MASQUERADE`,
    // The last is asked first: what an agent that was killed with its caretaker has left for these addresses counts not.
    `-t nat ACTION POSTROUTING -s ${addresses} -o ${podLinks}+ -m comment --comment ${link} -j ACCEPT`,
    // Where Docker is, what is not accepted is dropped.
    `-t filter ACTION FORWARD -i ${link} -j ACCEPT`,
    `-t filter ACTION FORWARD -o ${link} -j ACCEPT`,
  ];
  const words = (action: string, rule: string) => ['-w', ...rule.replace('ACTION', action).split(' ')];
  for (const rule of rules) {
    await runCommand('iptables', words('-D', rule)).catch(() => {});
    await runCommand('iptables', words('-I', rule));
    atEnd(['iptables', ...words('-D', rule)].join(' '));
  }
}

/** Forwards between the pods' link and those of the routes of this machine. */
async function forward(link: string, atEnd: (duty: string) => void): Promise<void> {
  const routes = await runCommand('ip', ['-4', '-o', 'route', 'show']);
  const links = new Set([link, ...[...routes.matchAll(/ dev (\S+)/g)].map(([, name]) => name!)]);
  for (const name of links) {
    if (!existsSync(switchOf(name))) continue;
    if (name === link) writeFileSync(switchOf(name), '1');
    else {
      await runCommand('sh', ['-c', underLock(on(name, link))]);
      atEnd(underLock(off(name, link)));
    }
  }
}

// Several agents may need one link of the machine to forward. Whoever does leaves a file, named for its own link, in a
// folder of that link: the last one to go turns off what was off before the first came. What a link that is no more
// has left counts for nothing.

const folder = '/run/local-kubernetes/forwarding';
const switchOf = (name: string): string => `/proc/sys/net/ipv4/conf/${name}/forwarding`;
const underLock = (script: string): string => `mkdir -p ${folder}; flock ${folder} sh -c '${script}'`;

function on(name: string, link: string): string {
  const users = `${folder}/${name}`;
  return (
    `if [ "$(cat ${switchOf(name)})" = 0 ] || [ -d ${users} ]; then ` +
    `mkdir -p ${users} && : > ${users}/${link} && echo 1 > ${switchOf(name)}; fi`
  );
}

function off(name: string, link: string): string {
  const users = `${folder}/${name}`;
  return (
    `rm -f ${users}/${link}; ` +
    `for each in ${users}/*; do [ -e /sys/class/net/\${each##*/} ] || rm -f "$each"; done; ` +
    `if rmdir ${users}; then echo 0 > ${switchOf(name)}; fi`
  );
}
