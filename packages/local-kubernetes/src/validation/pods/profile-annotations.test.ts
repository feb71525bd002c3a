import { expect, it } from 'vitest';
import { containerProfileWarnings, podProfileWarnings } from './profile-annotations.ts';

const appArmor = 'container.apparmor.security.beta.kubernetes.io/main';
const seccomp = 'container.seccomp.security.alpha.kubernetes.io/main';
const ofPod = 'seccomp.security.alpha.kubernetes.io/pod';
const main = { name: 'main' };
const pod = (annotations: object, securityContext: object = {}) => ({
  metadata: { annotations },
  spec: { containers: [main], securityContext },
});

// The answers of kube-apiserver 1.35.4.
it('warns of profiles in annotations, but not beside the field', () => {
  const given = { seccompProfile: { type: 'RuntimeDefault' } };
  const text = 'non-functional in v1.27+; use the "seccompProfile" field instead';
  expect(podProfileWarnings(pod({ [ofPod]: 'x' }), 'a.')).toEqual([`a.metadata.annotations[${ofPod}]: ${text}`]);
  expect(podProfileWarnings(pod({ [ofPod]: 'x' }, given), '')).toEqual([]);
  expect(containerProfileWarnings(main, pod({ [seccomp]: 'x' }), '')).toEqual([
    `metadata.annotations[${seccomp}]: ${text}`,
  ]);
  expect(containerProfileWarnings({ ...main, securityContext: given }, pod({ [seccomp]: 'x' }), '')).toEqual([]);
});

it('warns of AppArmor in a template, but not where the pod says the same', () => {
  const template = (annotation: string) =>
    pod({ [appArmor]: annotation }, { appArmorProfile: { type: 'Localhost', localhostProfile: 'mine' } });
  expect(containerProfileWarnings(main, template('unconfined'), 't.')).toEqual([
    `t.metadata.annotations[${appArmor}]: deprecated since v1.30; use the "appArmorProfile" field instead`,
  ]);
  expect(containerProfileWarnings(main, template('localhost/mine'), 't.')).toEqual([]);
  expect(containerProfileWarnings(main, template('unconfined'), '')).toEqual([]);
});
