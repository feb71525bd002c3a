// /etc/resolv.conf of a pod, by its dnsPolicy and dnsConfig. There is no DNS of the cluster: names of Services are in
// /etc/hosts, so that ClusterFirst asks whom this machine asks.

import { existsSync, readFileSync } from 'node:fs';
import type { PodSpec } from '../pod-types.ts';

const stub = '/etc/resolv.conf';
const upstream = '/run/systemd/resolve/resolv.conf';

/**
 * This machine's own file.
 * @param isApart whether it is for a network of its own, where a stub that listens for this machine alone is not reached
 */
export function readResolver(isApart: boolean): string {
  const own = existsSync(stub) ? readFileSync(stub, 'utf8') : '';
  return isApart && /^nameserver\s+127\./m.test(own) && existsSync(upstream) ? readFileSync(upstream, 'utf8') : own;
}

/** @param machine the text of this machine's own file, which stays as it is where a pod adds nothing */
export function resolverText({ dnsPolicy, dnsConfig }: PodSpec, machine: string): string {
  if (!dnsConfig && dnsPolicy !== 'None') return machine;
  const base = dnsPolicy === 'None' ? '' : machine;
  const words = (name: string): string[] =>
    [...base.matchAll(new RegExp(`^${name}\\s+(.*)$`, 'gm'))].flatMap(([, text]) => text!.trim().split(/\s+/));
  const { nameservers = [], searches = [], options = [] } = dnsConfig ?? {};
  const given = options.map(({ name, value }) => (value === undefined ? name : `${name}:${value}`));
  const names = new Set(options.map(({ name }) => name));
  const kept = words('options').filter((option) => !names.has(option.split(':')[0]!));
  const search = [...new Set([...words('search'), ...searches])];
  const all = [...kept, ...given];
  const lines = [
    ...(search.length > 0 ? [`search ${search.join(' ')}`] : []),
    ...new Set([...words('nameserver'), ...nameservers].map((address) => `nameserver ${address}`)),
    ...(all.length > 0 ? [`options ${all.join(' ')}`] : []),
  ];
  return lines.map((line) => `${line}\n`).join('');
}
