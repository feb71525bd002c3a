import { expect, test } from 'vitest';
import type { PodSpec } from '../pod-types.ts';
import { notedOf, refusalOf } from './admission.ts';

const access = { name: 'kube-api-access-x', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' };
const pod = (spec: Partial<PodSpec>) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'it', namespace: 'default', uid: '1' },
  spec: { containers: [{ name: 'main', image: 'host', volumeMounts: [access] }], ...spec },
});
const container = (more: object) => ({ name: 'main', image: 'host', ...more });

test('a pod with a sysctl that is not safe is turned away by name', () => {
  const sysctls = [
    { name: 'net.ipv4.tcp_syncookies', value: '1' },
    { name: 'kernel.msgmax', value: '65536' },
  ];
  expect(refusalOf(pod({ securityContext: { sysctls } }), 'root')).toEqual({
    reason: 'SysctlForbidden',
    message: 'forbidden sysctl: "kernel.msgmax" not allowlisted',
  });
  expect(refusalOf(pod({ securityContext: { sysctls: sysctls.slice(0, 1) } }), 'root')).toBeUndefined();
});

test.each([
  [
    'spec.containers[0].volumeMounts[1]',
    { containers: [container({ volumeMounts: [access, { name: 'v', mountPath: '/v' }] })] },
  ],
  ['spec.containers[0].securityContext.runAsUser', { containers: [container({ securityContext: { runAsUser: 5 } })] }],
  ['spec.hostname', { hostname: 'one' }],
])('%s is what plain processes cannot have', (field, spec) => {
  expect(refusalOf(pod(spec), 'none')?.message).toMatch(new RegExp(`^${field.replace(/[[\]]/g, '\\$&')}: `));
  expect(refusalOf(pod(spec), 'user')).toBeUndefined();
});

test('a pod that wants nothing of the sort runs as a plain process', () => {
  expect(refusalOf(pod({}), 'none')).toBeUndefined();
});

test.each([
  ['AppArmor', { securityContext: { appArmorProfile: { type: 'RuntimeDefault' } } }],
  ['AppArmor', { containers: [container({ securityContext: { appArmorProfile: { type: 'Localhost' } } })] }],
  ['Seccomp', { containers: [container({ securityContext: { seccompProfile: { type: 'Localhost' } } })] }],
  ['HostPort', { containers: [container({ ports: [{ containerPort: 53, hostPort: 53, protocol: 'UDP' }] })] }],
  ['VolumeDevices', { containers: [container({ volumeDevices: [{ name: 'disk', devicePath: '/dev/x' }] })] }],
])('%s is what no node of these has', (reason, spec) => {
  for (const rights of ['root', 'user', 'none'] as const) expect(refusalOf(pod(spec), rights)?.reason).toBe(reason);
});

test('what asks for no protection, or for ports that are forwarded, is taken', () => {
  const unconfined = { appArmorProfile: { type: 'Unconfined' }, seccompProfile: { type: 'RuntimeDefault' } };
  const ports = [{ containerPort: 80, hostPort: 80 }];
  const spec = { securityContext: unconfined, containers: [container({ ports })] };
  expect(refusalOf(pod(spec), 'root')).toBeUndefined();
  expect(notedOf(pod(spec)).map(({ reason }) => reason)).toEqual(['SeccompNotApplied']);
  expect(notedOf(pod({}))).toEqual([]);
  const near = [{ containerPort: 53, hostPort: 53, protocol: 'UDP' }];
  expect(refusalOf(pod({ hostNetwork: true, containers: [container({ ports: near })] }), 'root')).toBeUndefined();
});
