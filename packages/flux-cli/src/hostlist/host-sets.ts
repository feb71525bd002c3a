/** What `flux hostlist` does with lists of hosts. All keep the order, and hosts that are there twice, unless they say so. */
import { compareHosts } from './host-order.ts';

export type Hosts = readonly string[];

/** Sorted, each host once. */
export function unique(hosts: Hosts): string[] {
  return [...new Set(hosts)].sort(compareHosts);
}

/** Of both lists; sorted, each once. */
export function intersection(left: Hosts, right: Hosts): string[] {
  const others = new Set(right);
  return unique(left.filter((host) => others.has(host)));
}

/** Of one list only; sorted, each once. */
export function symmetricDifference(left: Hosts, right: Hosts): string[] {
  const [mine, others] = [new Set(left), new Set(right)];
  return unique([...left.filter((host) => !others.has(host)), ...right.filter((host) => !mine.has(host))]);
}

/** Without the first occurrence of each host of `right`, as often as it stands there. */
export function minus(left: Hosts, right: Hosts): string[] {
  const hosts = [...left];
  for (const host of right) {
    const at = hosts.indexOf(host);
    if (at >= 0) hosts.splice(at, 1);
  }
  return hosts;
}

/** Without any occurrence of the hosts of `right`. */
export function without(left: Hosts, right: Hosts): string[] {
  const others = new Set(right);
  return left.filter((host) => !others.has(host));
}
