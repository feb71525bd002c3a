import type { V1Job, V1JobSpec } from '@kubernetes/client-node';

/** A Job whose pods run `script`, with their completion index in the variable I. */
export function jobOf(name: string, script: string, spec: Partial<V1JobSpec>): V1Job {
  const index = { fieldPath: "metadata.annotations['batch.kubernetes.io/job-completion-index']" };
  const main = {
    name: 'main',
    image: 'busybox',
    command: ['sh', '-c', script],
    env: [{ name: 'I', valueFrom: { fieldRef: index } }],
  };
  const pod = { restartPolicy: 'Never', terminationGracePeriodSeconds: 0, containers: [main] };
  return { metadata: { name }, spec: { ...spec, template: { spec: pod } } };
}
