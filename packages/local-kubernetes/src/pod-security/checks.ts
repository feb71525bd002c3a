// The levels of pod security as one table: which check is of which level, and from which version of the policy on it holds
// in which form. Facts: k8s.io/pod-security-admission policy, of Kubernetes 1.35.

import { textAt } from '../kinds/columns/read.ts';
import * as baseline from './baseline-checks.ts';
import type { Level, LevelVersion } from './policy.ts';
import * as restricted from './restricted-checks.ts';
import type { Examine, PodShape, Violation } from './violation.ts';

interface Check {
  readonly name: string;
  /** By the minor version from which on this form holds, rising. */
  readonly forms: readonly (readonly [since: number, examine: Examine])[];
  /** A check of baseline in whose place a restricted one stands, once it holds. */
  readonly replaces?: string;
}

const seLinuxTypes = ['container_t', 'container_init_t', 'container_kvm_t'];
const sysctls0 = [
  'kernel.shm_rmid_forced',
  ...['ip_local_port_range', 'tcp_syncookies', 'ping_group_range', 'ip_unprivileged_port_start'].map(ofIpv4),
];
const sysctls27 = [...sysctls0, ofIpv4('ip_local_reserved_ports')];
const sysctls29 = [
  ...sysctls27,
  ...['tcp_keepalive_time', 'tcp_fin_timeout', 'tcp_keepalive_intvl', 'tcp_keepalive_probes'].map(ofIpv4),
];
const sysctls32 = [...sysctls29, ...['tcp_rmem', 'tcp_wmem'].map(ofIpv4)];

function ofIpv4(name: string): string {
  return `net.ipv4.${name}`;
}

/** Pods of Windows cannot say what the check asks for. */
function butOnWindows(examine: Examine): Examine {
  return (pod) => (textAt(pod.spec, 'os.name') === 'windows' ? undefined : examine(pod));
}

/** Root in a user namespace of its own is nobody on the node (KEP-127). */
function butInUserNamespace(examine: Examine): Examine {
  return (pod) => (pod.spec['hostUsers'] === false ? undefined : examine(pod));
}

/** In the order in which they are told of. */
const baselineChecks: readonly Check[] = [
  { name: 'appArmorProfile', forms: [[0, baseline.appArmorProfile]] },
  { name: 'capabilities', forms: [[0, baseline.capabilities]] },
  { name: 'hostNamespaces', forms: [[0, baseline.hostNamespaces]] },
  { name: 'hostPathVolumes', forms: [[0, baseline.hostPathVolumes]] },
  { name: 'hostPorts', forms: [[0, baseline.hostPorts]] },
  { name: 'probeHosts', forms: [[34, baseline.probeHosts]] },
  { name: 'privileged', forms: [[0, baseline.privileged]] },
  {
    name: 'procMount',
    forms: [
      [0, baseline.procMount],
      [35, butInUserNamespace(baseline.procMount)],
    ],
  },
  {
    name: 'seLinuxOptions',
    forms: [
      [0, baseline.seLinuxOptions(...seLinuxTypes)],
      [31, baseline.seLinuxOptions(...seLinuxTypes, 'container_engine_t')],
    ],
  },
  {
    name: 'seccompProfile',
    forms: [
      [0, baseline.seccompAnnotations],
      [19, baseline.seccompProfile],
    ],
  },
  {
    name: 'sysctls',
    forms: [
      [0, baseline.sysctls(...sysctls0)],
      [27, baseline.sysctls(...sysctls27)],
      [29, baseline.sysctls(...sysctls29)],
      [32, baseline.sysctls(...sysctls32)],
    ],
  },
  { name: 'windowsHostProcess', forms: [[0, baseline.windowsHostProcess]] },
];

const restrictedChecks: readonly Check[] = [
  {
    name: 'allowPrivilegeEscalation',
    forms: [
      [8, restricted.allowPrivilegeEscalation],
      [25, butOnWindows(restricted.allowPrivilegeEscalation)],
    ],
  },
  {
    name: 'droppedCapabilities',
    forms: [
      [22, restricted.droppedCapabilities],
      [25, butOnWindows(restricted.droppedCapabilities)],
    ],
    replaces: 'capabilities',
  },
  { name: 'procMountOfAll', forms: [[35, baseline.procMount]], replaces: 'procMount' },
  { name: 'volumeTypes', forms: [[0, restricted.volumeTypes]], replaces: 'hostPathVolumes' },
  {
    name: 'runAsNonRoot',
    forms: [
      [0, restricted.runAsNonRoot],
      [35, butInUserNamespace(restricted.runAsNonRoot)],
    ],
  },
  {
    name: 'runAsUser',
    forms: [
      [23, restricted.runAsUser],
      [35, butInUserNamespace(restricted.runAsUser)],
    ],
  },
  {
    name: 'givenSeccompProfile',
    forms: [
      [19, restricted.givenSeccompProfile],
      [25, butOnWindows(restricted.givenSeccompProfile)],
    ],
    replaces: 'seccompProfile',
  },
];

/** What keeps a pod from being of a level, in order; nothing where it is of it. */
export function violations(pod: PodShape, { level, version }: LevelVersion): Violation[] {
  const minor = version === 'latest' ? Number.POSITIVE_INFINITY : Number(version.slice('v1.'.length));
  return examinationsOf(level, minor).flatMap((examine) => examine(pod) ?? []);
}

function examinationsOf(level: Level, minor: number): Examine[] {
  if (level === 'privileged') return [];
  const formOf = ({ forms }: Check) => forms.findLast(([since]) => since <= minor)?.[1] ?? [];
  if (level === 'baseline') return baselineChecks.flatMap(formOf);
  const inForce = restrictedChecks.filter(({ forms }) => forms.some(([since]) => since <= minor));
  const kept = baselineChecks.filter(({ name }) => !inForce.some(({ replaces }) => replaces === name));
  return [...kept, ...inForce].flatMap(formOf);
}

/** All that is wrong, as a refusal or a warning about one pod tells it. */
export const detailsOf = (found: readonly Violation[]): string =>
  found.map(({ reason, detail }) => `${reason} (${detail})`).join(', ');

/** The same in short, as it is told of many pods. */
export const reasonsOf = (found: readonly Violation[]): string => found.map(({ reason }) => reason).join(', ');
