// What a namespace that becomes stricter tells of the pods that are in it. They stay as they are. Facts:
// k8s.io/pod-security-admission admission.

import type { KubernetesObject } from '../client/kubernetes-object.ts';
import { reasonsOf, violations } from './checks.ts';
import { type LevelVersion, shown } from './policy.ts';
import { podShape } from './violation.ts';

const mostPods = 3000;

/** A heading, and a line for all pods that are wrong alike, with the name of the first; nothing where all are of the level. */
export function existingPodWarnings(
  namespace: string,
  pods: readonly KubernetesObject[],
  enforce: LevelVersion,
  limit = mostPods,
): string[] {
  const names = new Map<string, string[]>();
  for (const pod of oneOfEachFirst(pods).slice(0, limit)) {
    const reasons = reasonsOf(violations(podShape(pod), enforce));
    if (reasons !== '') names.set(reasons, [...(names.get(reasons) ?? []), pod.metadata.name as string]);
  }
  const lines = [...names].map(([reasons, [...alike]]) => `${counted(alike.sort())}: ${reasons}`).sort();
  return [
    ...(pods.length > limit
      ? [`new PodSecurity enforce level only checked against the first ${limit} of ${pods.length} existing pods`]
      : []),
    ...(lines.length > 0
      ? [`existing pods in namespace "${namespace}" violate the new PodSecurity enforce level "${shown(enforce)}"`]
      : []),
    ...lines,
  ];
}

function counted([first, ...others]: readonly string[]): string {
  if (others.length === 0) return first as string;
  return `${first} (and ${others.length} other ${others.length === 1 ? 'pod' : 'pods'})`;
}

/** Pods of one controller are wrong alike: where there are too many pods to look at, one of each is looked at first. */
function oneOfEachFirst(pods: readonly KubernetesObject[]): KubernetesObject[] {
  const seen = new Set<string>();
  const further: KubernetesObject[] = [];
  const first = pods.filter((pod) => {
    const controller = pod.metadata.ownerReferences?.find((reference) => reference.controller)?.uid;
    if (controller === undefined) return true;
    if (seen.has(controller)) {
      further.push(pod);
      return false;
    }
    seen.add(controller);
    return true;
  });
  return [...first, ...further];
}
