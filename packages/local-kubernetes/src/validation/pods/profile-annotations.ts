/**
 * Profiles of AppArmor and seccomp in annotations, where they stood before there were fields: what is warned of.
 * Facts: k8s.io/kubernetes pkg/api/pod.
 */
import { at, mapAt, textAt } from '../../kinds/columns/read.ts';
import { deepEqual } from '../../schema/equality.ts';
import { ownMember } from '../../schema/own-member.ts';
import type { JsonObject } from '../../schema/schema.ts';

export const podSeccomp = 'seccomp.security.alpha.kubernetes.io/pod';
/** Before the name of a container. */
export const containerSeccomp = 'container.seccomp.security.alpha.kubernetes.io/';
/** Before the name of a container. */
export const containerAppArmor = 'container.apparmor.security.beta.kubernetes.io/';

const oldSeccomp = 'non-functional in v1.27+; use the "seccompProfile" field instead';
const oldAppArmor = 'deprecated since v1.30; use the "appArmorProfile" field instead';

/** @param path of the template, ending with a dot; empty for a pod */
export function podProfileWarnings(pod: JsonObject, path: string): string[] {
  if (at(pod, 'spec.securityContext.seccompProfile')) return [];
  return told(pod, podSeccomp, oldSeccomp, path);
}

/** @param pod whose container it is */
export function containerProfileWarnings(container: JsonObject, pod: JsonObject, path: string): string[] {
  const name = textAt(container, 'name');
  const seccomp = at(container, 'securityContext.seccompProfile')
    ? []
    : told(pod, `${containerSeccomp}${name}`, oldSeccomp, path);
  // Annotations of a pod, unlike those of a template, become fields.
  if (path === '' || at(container, 'securityContext.appArmorProfile')) return seccomp;
  const key = `${containerAppArmor}${name}`;
  const profile = appArmorOf(String(ownMember(annotationsOf(pod), key) ?? ''));
  const ofPod = at(pod, 'spec.securityContext.appArmorProfile');
  if (ofPod && deepEqual(ofPod, profile)) return seccomp;
  return [...seccomp, ...told(pod, key, oldAppArmor, path)];
}

const annotationsOf = (pod: JsonObject) => mapAt(pod, 'metadata.annotations');

function told(pod: JsonObject, key: string, text: string, path: string): string[] {
  return Object.hasOwn(annotationsOf(pod), key) ? [`${path}metadata.annotations[${key}]: ${text}`] : [];
}

/** The field that says what the annotation says; undefined where none does. */
function appArmorOf(annotation: string): JsonObject | undefined {
  if (annotation === 'unconfined') return { type: 'Unconfined' };
  if (annotation === 'runtime/default') return { type: 'RuntimeDefault' };
  const [, localhostProfile] = /^localhost\/(.+)$/s.exec(annotation) ?? [];
  return localhostProfile === undefined ? undefined : { type: 'Localhost', localhostProfile };
}
