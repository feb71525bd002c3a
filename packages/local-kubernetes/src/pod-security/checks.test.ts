import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../schema/schema.ts';
import { detailsOf, reasonsOf, violations } from './checks.ts';
import type { Level } from './policy.ts';

const container = { name: 'main', image: 'i' };
const hardened = {
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
};
const good: JsonObject = {
  containers: [{ ...container, ...hardened }],
  securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
};
const withContext = (context: object): JsonObject => ({
  ...good,
  containers: [{ ...container, securityContext: { ...hardened.securityContext, ...context } }],
});
const ofPod = (context: object): JsonObject => ({
  ...good,
  securityContext: { ...(good['securityContext'] as object), ...context },
});
const told = (spec: JsonObject, level: Level = 'restricted', version = 'latest', annotations = {}) =>
  detailsOf(violations({ spec, annotations }, { level, version }));
const sysctls = (...names: string[]) => ofPod({ sysctls: names.map((name) => ({ name, value: '1' })) });

// The words of kube-apiserver 1.35.4.
describe('what keeps a pod from being restricted', () => {
  it.each<[string, JsonObject, string]>([
    ['nothing', good, ''],
    [
      'AppArmor',
      ofPod({ appArmorProfile: { type: 'Unconfined' } }),
      'forbidden AppArmor profile (pod must not set AppArmor profile type to "Unconfined")',
    ],
    [
      'capabilities that are kept and added',
      withContext({ capabilities: { add: ['SYS_TIME', 'NET_BIND_SERVICE', 'CHOWN'] } }),
      'unrestricted capabilities (container "main" must set securityContext.capabilities.drop=["ALL"]; container "main" must not include "CHOWN", "SYS_TIME" in securityContext.capabilities.add)',
    ],
    [
      'namespaces of the host',
      { ...good, hostNetwork: true, hostPID: true, hostIPC: true },
      'host namespaces (hostNetwork=true, hostPID=true, hostIPC=true)',
    ],
    [
      'ports of the host',
      {
        ...good,
        initContainers: [{ name: 'a', ...hardened, ports: [{ hostPort: 9 }, { hostPort: 10 }, { hostPort: 0 }] }],
      },
      'hostPort (container "a" uses hostPorts 10, 9)',
    ],
    [
      'hosts of probes',
      { ...good, containers: [{ ...container, ...hardened, livenessProbe: { httpGet: { host: 'a' } } }] },
      'probe or lifecycle host (container "main" uses probe or lifecycle host "a")',
    ],
    [
      'privileges',
      withContext({ privileged: true }),
      'privileged (container "main" must not set securityContext.privileged=true)',
    ],
    [
      'an unmasked proc',
      { ...withContext({ procMount: 'Unmasked' }), hostUsers: false },
      'procMount (container "main" must not set securityContext.procMount to "Unmasked")',
    ],
    [
      'SELinux options',
      ofPod({ seLinuxOptions: { type: 'spc_t', user: 'u', role: 'r' } }),
      'seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: type "spc_t"; user may not be set; role may not be set)',
    ],
    ['sysctls', sysctls('b', 'kernel.shm_rmid_forced', 'a'), 'forbidden sysctls (b, a)'],
    [
      'a process of the host',
      ofPod({ windowsOptions: { hostProcess: true } }),
      'hostProcess (pod must not set securityContext.windowsOptions.hostProcess=true)',
    ],
    [
      'volumes',
      {
        ...good,
        volumes: [
          { name: 'a', nfs: {} },
          { name: 'b', hostPath: {} },
          { name: 'c', emptyDir: {} },
        ],
      },
      'restricted volume types (volumes "a", "b" use restricted volume types "hostPath", "nfs")',
    ],
    [
      'root',
      { ...withContext({ runAsNonRoot: false, runAsUser: 0 }) },
      'runAsNonRoot != true (container "main" must not set securityContext.runAsNonRoot=false), runAsUser=0 (container "main" must not set runAsUser=0)',
    ],
    [
      'seccomp',
      ofPod({ seccompProfile: { type: 'Unconfined' } }),
      'seccompProfile (pod must not set securityContext.seccompProfile.type to "Unconfined")',
    ],
    [
      'silence',
      { containers: [container, { name: 'other' }] },
      'allowPrivilegeEscalation != false (containers "main", "other" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (containers "main", "other" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or containers "main", "other" must set securityContext.runAsNonRoot=true), seccompProfile (pod or containers "main", "other" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
    ],
  ])('%s', (_what, spec, words) => {
    expect(told(spec)).toBe(words);
  });
});

it('tells many pods in short', () => {
  const found = violations(
    { spec: { containers: [container] }, annotations: {} },
    { level: 'restricted', version: 'v1.20' },
  );
  expect(reasonsOf(found)).toBe('allowPrivilegeEscalation != false, runAsNonRoot != true, seccompProfile');
});

it('takes at baseline what only restricted refuses, and anything where everything goes', () => {
  expect(told({ containers: [container], volumes: [{ name: 'a', nfs: {} }] }, 'baseline')).toBe('');
  expect(told(withContext({ capabilities: { add: ['SYS_TIME'] } }), 'baseline')).toBe(
    'non-default capabilities (container "main" must not include "SYS_TIME" in securityContext.capabilities.add)',
  );
  expect(told({ containers: [container], volumes: [{ name: 'a', hostPath: {} }] }, 'baseline')).toBe(
    'hostPath volumes (volume "a")',
  );
  expect(told({ containers: [container], hostPID: true }, 'privileged')).toBe('');
});

describe('the version of a policy', () => {
  const windows = { os: { name: 'windows' }, securityContext: { runAsNonRoot: true }, containers: [container] };
  const rooted = { ...ofPod({ runAsNonRoot: false, runAsUser: 0 }), hostUsers: false };
  const unmasked = { ...withContext({ procMount: 'Unmasked' }), hostUsers: false };
  const probed = { ...good, containers: [{ ...container, ...hardened, livenessProbe: { tcpSocket: { host: 'a' } } }] };

  /** From the version on the pod is taken, or refused, and not before. */
  it.each<[string, Level, number, 'taken' | 'refused', JsonObject]>([
    ['an escalation', 'restricted', 8, 'refused', withContext({ allowPrivilegeEscalation: true })],
    ['a seccomp profile of none', 'baseline', 19, 'refused', ofPod({ seccompProfile: { type: 'Unconfined' } })],
    ['no seccomp profile', 'restricted', 19, 'refused', ofPod({ seccompProfile: null })],
    ['capabilities that are kept', 'restricted', 22, 'refused', withContext({ capabilities: {} })],
    ['user 0', 'restricted', 23, 'refused', ofPod({ runAsUser: 0 })],
    ['Windows', 'restricted', 25, 'taken', windows],
    ['a reserved port', 'baseline', 27, 'taken', sysctls('net.ipv4.ip_local_reserved_ports')],
    ['a time of TCP', 'baseline', 29, 'taken', sysctls('net.ipv4.tcp_fin_timeout')],
    ['an SELinux type', 'baseline', 31, 'taken', ofPod({ seLinuxOptions: { type: 'container_engine_t' } })],
    ['a buffer of TCP', 'baseline', 32, 'taken', sysctls('net.ipv4.tcp_rmem')],
    ['a host that is probed', 'baseline', 34, 'refused', probed],
    ['root in a user namespace', 'restricted', 35, 'taken', rooted],
    ['an unmasked proc in a user namespace', 'baseline', 35, 'taken', unmasked],
  ])('decides about %s', (_what, level, since, then, spec) => {
    const isTaken = (version: string) => told(spec, level, version) === '';
    const after = then === 'taken';
    expect([isTaken(`v1.${since - 1}`), isTaken(`v1.${since}`), isTaken('v1.99'), isTaken('latest')]).toEqual([
      !after,
      after,
      after,
      after,
    ]);
  });
});

it('looks at annotations where there were no fields', () => {
  const annotations = {
    'container.apparmor.security.beta.kubernetes.io/main': 'unconfined',
    'container.apparmor.security.beta.kubernetes.io/other': 'localhost/mine',
    'container.seccomp.security.alpha.kubernetes.io/main': 'a"b',
    'container.seccomp.security.alpha.kubernetes.io/nobody': 'unconfined',
    'seccomp.security.alpha.kubernetes.io/pod': 'docker/default',
  };
  expect(told(good, 'baseline', 'v1.18', annotations)).toBe(
    'forbidden AppArmor profile (annotation must not set AppArmor profile type to "container.apparmor.security.beta.kubernetes.io/main="unconfined""), seccompProfile (forbidden annotation container.seccomp.security.alpha.kubernetes.io/main="a\\"b")',
  );
});
