// The broker attributes that exist, and who may set them when (flux-broker-attributes(7)).

export const AttributeFlag = {
  /** Never changes once set; clients may cache it. The only flag that `attr.get` shows. */
  immutable: 1,
  /** Set by the broker alone: refused on the command line. */
  readonly: 2,
  /** `flux setattr` may change it without --force. */
  runtime: 4,
  /** Overrides the TOML key of the same name when given on the command line. */
  config: 8,
} as const;

const { immutable, readonly, runtime, config } = AttributeFlag;

const table: Readonly<Record<string, number>> = {
  rank: readonly | immutable,
  size: readonly | immutable,
  version: readonly,
  rundir: 0,
  'rundir-cleanup': immutable,
  statedir: 0,
  'statedir-cleanup': immutable,
  'security.owner': readonly | immutable,
  'local-uri': immutable,
  'parent-uri': readonly | immutable,
  'instance-level': readonly | immutable,
  jobid: readonly | immutable,
  'jobid-path': readonly | immutable,
  'parent-kvs-namespace': readonly | immutable,
  hostlist: immutable,
  hostname: immutable,
  'broker.mapping': readonly | immutable,
  'broker.critical-ranks': immutable,
  'broker.boot-method': immutable,
  'broker.pid': readonly | immutable,
  'broker.quorum': immutable,
  'broker.quorum-warn': immutable,
  'broker.shutdown-warn': immutable,
  'broker.shutdown-timeout': immutable,
  'broker.cleanup-timeout': 0,
  'broker.unload-builtins-timeout': 0,
  'broker.rc1_path': 0,
  'broker.rc3_path': 0,
  'broker.rc2_none': 0,
  'broker.rc2_pgrp': 0,
  'broker.exit-restart': runtime,
  'broker.module-nopanic': runtime,
  'broker.starttime': readonly | immutable,
  'broker.sd-notify': 0,
  'broker.sd-stop-timeout': immutable,
  'broker.exit-norestart': 0,
  'broker.recovery-mode': 0,
  'broker.uuid': readonly | immutable,
  'conf.shell_initrc': runtime,
  'conf.shell_pluginpath': runtime,
  'config.path': immutable,
  'tbon.topo': config,
  'tbon.descendants': readonly,
  'tbon.level': readonly,
  'tbon.maxlevel': readonly,
  'tbon.endpoint': readonly,
  'tbon.parent-endpoint': readonly,
  'tbon.zmqdebug': config,
  'tbon.zmq_io_threads': config,
  'tbon.child_rcvhwm': config,
  'tbon.prefertcp': 0,
  'tbon.interface-hint': runtime | config | immutable,
  'tbon.torpid_min': config,
  'tbon.torpid_max': config,
  'tbon.tcp_user_timeout': config,
  'tbon.connect_timeout': config,
  'tbon.fanout': 0,
  'log-ring-size': immutable,
  'log-forward-level': immutable,
  'log-critical-level': immutable,
  'log-filename': 0,
  'log-syslog-enable': immutable,
  'log-syslog-level': immutable,
  'log-stderr-mode': immutable,
  'log-stderr-level': runtime,
  'log-level': immutable,
  'content.backing-module': 0,
  'content.hash': immutable,
  'content.dump': runtime,
  'content.restore': runtime,
  'cron.directory': 0,
};

/** Families of names for tests and sites. */
const families: readonly (readonly [prefix: string, flags: number])[] = [
  ['test.', runtime],
  ['test-ro.', readonly],
  ['test-nr.', 0],
  ['test-im.', immutable],
  ['test-rd.', runtime],
  ['vendor.', runtime | immutable],
];

/** The flags of a known attribute; undefined for a name that is unknown. */
export function attributeFlags(name: string): number | undefined {
  if (Object.hasOwn(table, name)) return table[name];
  return families.find(([prefix]) => name.startsWith(prefix))?.[1];
}
