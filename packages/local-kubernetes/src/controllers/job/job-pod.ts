// The pod of a Job: its template with the name, hostname, labels and environment that an index has.

import { indexKey, type Job, trackingFinalizer } from './job-types.ts';

const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

interface Container {
  env?: { name: string; [field: string]: unknown }[];
}

/**
 * @param suffix five characters that tell this pod from an earlier one of the same index
 * @param annotations further ones, such as the failures of the index so far
 */
export function jobPod(
  job: Job,
  index: number | undefined,
  suffix: string,
  annotations: Record<string, string> = {},
): object {
  const { template } = job.spec;
  const name = job.metadata.name!;
  const base = index === undefined ? name : `${name}-${index}`;
  const identity = { 'batch.kubernetes.io/controller-uid': job.metadata.uid!, 'batch.kubernetes.io/job-name': name };
  const indexed = index === undefined ? {} : { [indexKey]: String(index) };
  const spec: Record<string, unknown> = structuredClone(template.spec);
  if (index !== undefined) {
    spec['hostname'] ??= base.slice(0, 63);
    for (const field of ['containers', 'initContainers']) {
      for (const container of (spec[field] as Container[] | undefined) ?? []) addIndexVariable(container);
    }
  }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${base.slice(0, 57)}-${suffix}`,
      generateName: `${base}-`,
      namespace: job.metadata.namespace,
      labels: {
        ...template.metadata?.labels,
        'controller-uid': job.metadata.uid,
        'job-name': name,
        ...identity,
        ...indexed,
      },
      annotations: { ...template.metadata?.annotations, ...indexed, ...annotations },
      finalizers: [trackingFinalizer],
      ownerReferences: [
        {
          apiVersion: 'batch/v1',
          kind: 'Job',
          name,
          uid: job.metadata.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec,
  };
}

export function randomPodSuffix(random: () => number = Math.random): string {
  return Array.from({ length: 5 }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
}

function addIndexVariable(container: Container): void {
  const name = 'JOB_COMPLETION_INDEX';
  if (container.env?.some((variable) => variable.name === name)) return;
  const fieldRef = { fieldPath: `metadata.labels['${indexKey}']` };
  container.env = [...(container.env ?? []), { name, valueFrom: { fieldRef } }];
}
