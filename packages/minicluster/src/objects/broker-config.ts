/**
 * broker.toml (flux-config-bootstrap(5), flux-config-resource(5), flux-config-access(5)). `eth0` and `cluster.local`
 * in it are defaults: the init script puts the pod's own address and the cluster's own domain in their place.
 */
import type { ResolvedMiniCluster } from '../resolve/resolved.ts';
import { hostlist, ownHosts } from './hostlist.ts';
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
${hostEntries(cluster, hosts, registration, clusterDomain).join('\n')}
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

/**
 * A lead broker of another cluster is reached at its own address and port, and one that alone has a Service at the
 * Service's name: the names of pods need a headless one.
 */
function hostEntries(
  cluster: ResolvedMiniCluster,
  hosts: string,
  { capacity }: Registration,
  clusterDomain: string,
): string[] {
  const { bursting, minimalService } = cluster.flux;
  const { leadBroker: lead } = bursting;
  if (bursting.hostlist || (!lead && !minimalService)) return [`{ host=${toml(hosts)} },`];
  const [, ...others] = hosts.split(/,(?![^[]*\])/);
  const service = `tcp://${cluster.headlessName}.${cluster.namespace}.svc.${clusterDomain}:${brokerPort}`;
  const first = lead
    ? `host=${toml(lead.address)}, bind=${toml(`tcp://eth0:${lead.port}`)}, connect=${toml(`tcp://${lead.address}:${lead.port}`)}`
    : `host=${toml(`${cluster.name}-0`)}, connect=${toml(service)}`;
  const rest = [...(!lead && capacity > 1 ? [ownHosts(cluster, 1, capacity - 1)] : []), ...others].join(',');
  return [`{ ${first} },`, ...(rest ? [`{ host=${toml(rest)} },`] : [])];
}

/** A basic string of TOML. */
function toml(text: string): string {
  return JSON.stringify(text);
}
