/** The scale subresource, denial and deletion, seen through Kubernetes alone. */
import { podsRunning, prints, succeeds } from './expectations.ts';
import type { Scenario } from './step.ts';
import * as the from './vocabulary.ts';

const manifest = `${the.head('v1alpha2')}spec:
  size: 2
  maxSize: 4
  interactive: true
  scaling:
    scaleDown:
      policy: Immediate
  containers:
    - image: rockylinux:9
`;
const file = 'scale.yaml';

function scale(title: string, size: number) {
  return {
    title,
    type: `kubectl scale minicluster ${the.cluster} ${the.inNamespace} --replicas=${size}`,
    expect: [succeeds, prints('scaled', /scaled/)],
  };
}

export const scaleSubresource: Scenario = {
  name: 'scale',
  says: 'kubectl scale, within the maximum and above it, with pods let go at once.',
  steps: [
    the.createNamespace,
    the.apply('Two brokers of at most four', file, manifest),
    the.pods('Two pods come up', podsRunning(the.cluster, 2)),
    scale('Grow to four', 4),
    the.pods('Four pods run', podsRunning(the.cluster, 4)),
    scale('Above the maximum', 6),
    {
      title: 'Denied: the size is put back',
      type: `kubectl get minicluster ${the.cluster} ${the.inNamespace} -o jsonpath='{.spec.size}'`,
      expect: [succeeds, prints('4', /^4$/)],
      withinMs: the.patienceMs,
    },
    scale('Shrink to three', 3),
    the.pods('Three pods run', podsRunning(the.cluster, 3)),
    {
      title: 'What an autoscaler reads',
      type: `kubectl get minicluster ${the.cluster} ${the.inNamespace} -o jsonpath='{.status.size} {.status.selector}'`,
      expect: [succeeds, prints('the size and the selector', /^3 hpa-selector=flux-sample$/)],
      withinMs: the.patienceMs,
    },
    the.deleteCluster(file),
    the.everythingGone,
  ],
};
