// PodSecurity: pods are held to the level that the labels of their namespace name; Jobs, whose pods would not be of it,
// are warned of; and so is who makes a namespace stricter than its pods are. Facts: k8s.io/pod-security-admission admission,
// without its exemptions, of which a server has none unless configured.

import type { KubernetesObject } from '../../client/kubernetes-object.ts';
import { listAt, mapAt, textAt } from '../../kinds/columns/read.ts';
import { detailsOf, violations } from '../../pod-security/checks.ts';
import { existingPodWarnings } from '../../pod-security/existing-pods.ts';
import { isStricter, type LevelVersion, labelErrors, policyOf, shown } from '../../pod-security/policy.ts';
import { type PodShape, podShape } from '../../pod-security/violation.ts';
import { deepEqual } from '../../schema/equality.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { checkValid } from '../field-errors.ts';
import { type AdmissionRequest, resourceOf } from '../request.ts';
import { forbidden } from '../status-errors.ts';
import type { AdmissionStep } from './admission-chain.ts';

/** Other subresources of pods bring a whole pod. */
const ignoredSubresources = new Set('attach binding eviction exec log portforward proxy status'.split(' '));

export const podSecurity: AdmissionStep = {
  validate(_context, request) {
    const { operation, target, object } = request;
    if (operation === 'DELETE' || !object) return;
    const { group, plural } = target.kind;
    if (group === '' && plural === 'namespaces') return validateNamespace(request, object);
    if (group === '' && plural === 'pods') return validatePod(request, object);
    // The only kind with a template of pods that can be made here.
    if (group === 'batch' && plural === 'jobs' && !target.subresource)
      warnOf(request, podShape(mapAt(object, 'spec.template')), policyIn(request).warn);
  },
};

function validateNamespace(
  { operation, target, caller, oldObject, transaction }: AdmissionRequest,
  object: KubernetesObject,
) {
  if (target.subresource) return;
  const { name = '', labels } = object.metadata;
  const errors = labelErrors(labels);
  const oldLabels = operation === 'UPDATE' ? oldObject?.metadata.labels : undefined;
  // What was wrong before may stay.
  const isOld = operation === 'UPDATE' && deepEqual(errors, labelErrors(oldLabels));
  if (!isOld) checkValid({ ...target, name }, errors);
  if (operation !== 'UPDATE') return;
  const { enforce } = policyOf(labels);
  const { enforce: before } = policyOf(oldLabels);
  const isSameVersion = enforce.version === before.version;
  if (enforce.level === 'privileged' || (isSameVersion && !isStricter(enforce.level, before.level))) return;
  const pods = transaction.range('pods', `${name}/`).map((item) => item.object);
  for (const text of existingPodWarnings(name, pods, enforce)) caller.warn(text);
}

function validatePod(request: AdmissionRequest, pod: KubernetesObject): void {
  const { operation, target, oldObject } = request;
  if (ignoredSubresources.has(target.subresource)) return;
  const { enforce, warn } = policyIn(request);
  if (enforce.level === 'privileged' && warn.level === 'privileged') return;
  if (operation === 'UPDATE' && oldObject && !bringsImages(pod, oldObject)) return;
  const shape = podShape(pod);
  const found = violations(shape, enforce);
  if (found.length > 0) {
    const why = `violates PodSecurity "${shown(enforce)}": ${detailsOf(found)}`;
    throw forbidden(resourceOf(target), target.name, why);
  }
  warnOf(request, shape, warn);
}

function warnOf({ caller }: AdmissionRequest, shape: PodShape, level: LevelVersion): void {
  const found = violations(shape, level);
  if (found.length > 0) caller.warn(`would violate PodSecurity "${shown(level)}": ${detailsOf(found)}`);
}

const policyIn = ({ target, transaction }: AdmissionRequest) =>
  policyOf(transaction.get('namespaces', target.namespace)?.object.metadata.labels);

/** Whether a change of a pod brings containers or images that it did not have: nothing else of it can break a level. */
function bringsImages(pod: JsonObject, old: JsonObject): boolean {
  const isOther = (container: JsonObject, before: JsonObject | undefined) =>
    !before || textAt(container, 'image') !== textAt(before, 'image');
  const isAnyOther = (field: string) => {
    const before = listAt(old, field);
    const now = listAt(pod, field);
    return now.length !== before.length || now.some((container, index) => isOther(container, before[index]));
  };
  if (isAnyOther('spec.containers') || isAnyOther('spec.initContainers')) return true;
  const attached = listAt(old, 'spec.ephemeralContainers');
  return listAt(pod, 'spec.ephemeralContainers').some((container) =>
    isOther(
      container,
      attached.find(({ name }) => name === container['name']),
    ),
  );
}
