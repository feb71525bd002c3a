/**
 * broker.toml (flux-config-bootstrap(5), flux-config-resource(5), flux-config-access(5)). `eth0` and `cluster.local`
 * in it are defaults: the init script puts the pod's own address and the cluster's own domain in their place.
 */
import type { ResolvedMiniCluster } from '../resolve/resolved.ts';
import { hostlist } from './hostlist.ts';
import type { Registration } from './registration.ts';

/** Port that brokers listen on. */
export const brokerPort = 8050;

/** Text of broker.toml. */
export function brokerConfig(
  cluster: ResolvedMiniCluster,
  registration: Registration,
  clusterDomain = 'cluster.local',
): string {
  if (cluster.flux.brokerConfig) return cluster.flux.brokerConfig;
  const base = cluster.flux.container.mountPath;
  const hosts = hostlist(cluster, registration);
  const excluded = excludedRanks(registration);
  return `[access]
allow-guest-user = true
allow-root-owner = true

[resource]
path = ${toml(`${base}/config/etc/flux/system/R`)}
${excluded ? `exclude = ${toml(excluded)}\n` : ''}
[bootstrap]
curve_cert = ${toml(`${base}/config/curve/curve.cert`)}
default_port = ${brokerPort}
default_bind = "tcp://eth0:%p"
default_connect = ${toml(`tcp://%h.${cluster.headlessName}.${cluster.namespace}.svc.${clusterDomain}:%p`)}
hosts = [
${hostEntries(cluster, hosts).join('\n')}
]

[archive]
dbpath = ${toml(`${base}/config/var/lib/flux/job-archive.sqlite`)}
period = "1m"
busytimeout = "50s"
${cluster.flux.simpleScheduler ? '' : `\n[sched-fluxion-qmanager]\nqueue-policy = ${toml(cluster.flux.queuePolicy)}\n`}`;
}

/** Ranks that are registered and hidden from the scheduler, as an idset; empty when there are none. */
export function excludedRanks({ maximum, capacity }: Pick<Registration, 'maximum' | 'capacity'>): string {
  if (maximum >= capacity) return '';
  return maximum === capacity - 1 ? `${maximum}` : `${maximum}-${capacity - 1}`;
}

/** A broker of another cluster as the leader is reached at its own address and port. */
function hostEntries(cluster: ResolvedMiniCluster, hosts: string): string[] {
  const lead = cluster.flux.bursting.leadBroker;
  if (!lead || cluster.flux.bursting.hostlist) return [`{ host=${toml(hosts)} },`];
  const [, ...rest] = hosts.split(/,(?![^[]*\])/);
  const first = `{ host=${toml(lead.address)}, bind=${toml(`tcp://eth0:${lead.port}`)}, connect=${toml(`tcp://${lead.address}:${lead.port}`)} },`;
  return rest.length > 0 ? [first, `{ host=${toml(rest.join(','))} },`] : [first];
}

/** A basic string of TOML. */
function toml(text: string): string {
  return JSON.stringify(text);
}
