// The attributes that a broker sets before it starts, from what it was made of (flux-broker-attributes(7)).
import { printHostlist } from '@ebb/flux-formats';
import type { BrokerOptions } from '../broker-options.ts';
import type { AttributeStore } from './attribute-store.ts';

/** Ebb's broker speaks the protocols of this flux-core version; clients check major and minor. */
export const protocolVersion = '0.88.0';

const defaults: Readonly<Record<string, string>> = {
  'broker.boot-method': 'single',
  'broker.quorum-warn': '1m',
  'broker.shutdown-warn': '1m',
  'broker.shutdown-timeout': 'none',
  'broker.cleanup-timeout': 'none',
  'broker.unload-builtins-timeout': '1m',
  'broker.sd-stop-timeout': 'none',
  'broker.rc1_path': 'flux modprobe rc1',
  'broker.rc3_path': 'flux modprobe rc3',
  'conf.shell_initrc': '',
  'conf.shell_pluginpath': '',
  'content.hash': 'sha1',
  'content.backing-module': 'content-sqlite',
  'instance-level': '0',
  'jobid-path': '/',
  'tbon.prefertcp': '0',
  'tbon.interface-hint': 'default-route',
};

export function brokerAttributes(options: BrokerOptions, uuid: string): void {
  const { attributes, rank, size, topology, clock } = options;
  for (const [name, value] of Object.entries(defaults)) attributes.setDefault(name, value);
  attributes.set('rank', String(rank));
  attributes.set('size', String(size));
  attributes.setDefault('version', protocolVersion);
  attributes.set('security.owner', String(options.userid));
  attributes.set('broker.uuid', uuid);
  attributes.set('broker.pid', String(process.pid));
  attributes.set('broker.starttime', (clock.now() / 1000).toFixed(2));
  attributes.setDefault('hostname', options.hostname);
  attributes.setDefault('broker.mapping', `[[0,${size},1,1]]`);
  attributes.setDefault('broker.quorum', String(size));
  attributes.setDefault('broker.critical-ranks', topology.criticalRanks());
  attributes.setDefault('parent-uri', undefined);
  attributes.set('rundir', options.rundir);
  attributes.setDefault('rundir-cleanup', '1');
  if (options.statedir !== undefined) attributes.set('statedir', options.statedir);
  if (options.localSocket !== undefined) attributes.set('local-uri', `local://${options.localSocket}`);
  attributes.set('tbon.level', String(topology.level(rank)));
  attributes.set('tbon.maxlevel', String(topology.maxLevel()));
  attributes.set('tbon.descendants', String(topology.descendantCount(rank)));
  overlayAttributes(attributes, options.config);
}

/** The [tbon] table and the command line; the latter wins. */
function overlayAttributes(attributes: AttributeStore, config: Record<string, unknown>): void {
  const table = (config['tbon'] ?? {}) as Record<string, unknown>;
  const values: Readonly<Record<string, string>> = {
    torpid_min: '5s',
    torpid_max: '30s',
    tcp_user_timeout: '20s',
    connect_timeout: '30s',
    zmqdebug: '0',
    child_rcvhwm: '0',
    zmq_io_threads: '1',
    'interface-hint': 'default-route',
  };
  for (const [key, fallback] of Object.entries(values)) {
    attributes.setDefault(`tbon.${key}`, table[key] === undefined ? fallback : String(table[key]));
  }
}

const printed = new WeakMap<readonly string[], string>();

/** Sets `hostlist` once all names are known, unless it was set by hand. Brokers of one process share the text. */
export function hostlistAttribute({ attributes, hostnames }: BrokerOptions): void {
  let text = printed.get(hostnames);
  if (text === undefined) printed.set(hostnames, (text = printHostlist(hostnames)));
  attributes.setDefault('hostlist', text);
}
