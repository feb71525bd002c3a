// PodSecurity, as far as it looks at the labels of namespaces: those that name no level or version are refused. Facts:
// k8s.io/pod-security-admission api/helpers.go.

import type { KubernetesObject } from '../../client/kubernetes-object.ts';
import { deepEqual } from '../../schema/equality.ts';
import { type FieldError, invalid } from '../../schema/field-error.ts';
import { checkValid } from '../field-errors.ts';
import type { AdmissionStep } from './admission-chain.ts';

export const podSecurityLabels: AdmissionStep = {
  validate(_context, { operation, target, object, oldObject }) {
    const { group, plural } = target.kind;
    if (group !== '' || plural !== 'namespaces' || target.subresource || !object) return;
    const errors = labelErrors(object);
    // What stood there before may stay.
    if (operation === 'UPDATE' && oldObject && deepEqual(errors, labelErrors(oldObject))) return;
    checkValid({ ...target, name: object.metadata.name ?? '' }, errors);
  },
};

const levels = ['privileged', 'baseline', 'restricted'];

function labelErrors({ metadata: { labels = {} } }: KubernetesObject): FieldError[] {
  return ['enforce', 'audit', 'warn'].flatMap((mode) => {
    const name = `pod-security.kubernetes.io/${mode}`;
    const level = labels[name];
    const version = labels[`${name}-version`];
    const isVersion = version === undefined || version === 'latest' || /^v1\.(0|[1-9][0-9]*)$/.test(version);
    return [
      ...(level === undefined || levels.includes(level)
        ? []
        : [invalid(`metadata.labels[${name}]`, level, `must be one of ${levels.join(', ')}`)]),
      ...(isVersion ? [] : [invalid(`metadata.labels[${name}-version]`, version, 'must be "latest" or "v1.x"')]),
    ];
  });
}
