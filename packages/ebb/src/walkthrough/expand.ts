/** Size 2 of at most 4: grows as if the brokers had always been there, shrinks below its first size, never to 0. */
import { podsRunning, prints, refused, resources } from './expectations.ts';
import type { Scenario } from './step.ts';
import * as the from './vocabulary.ts';

const manifest = `${the.head('v1alpha2')}spec:
  size: 2
  maxSize: 4
  interactive: true
  containers:
    - image: rockylinux:9
`;
const file = 'expand.yaml';

export const expand: Scenario = {
  name: 'expand',
  says: 'Two brokers of at most four: grows to four, shrinks to one, below its first size; zero is refused.',
  steps: [
    the.createNamespace,
    the.apply('A MiniCluster of two that may grow to four', file, manifest),
    the.pods('Two pods come up', podsRunning(the.cluster, 2)),
    the.findLeadPod,
    the.resourceList(
      'Two free, two down from the start',
      resources({ free: [2, 'flux-sample-[0-1]'], down: [2, 'flux-sample-[2-3]'] }),
    ),
    the.resize('Grow to four', 4),
    the.resourceList(
      'Four free, as if they had always been there',
      resources({ free: [4, 'flux-sample-[0-3]'], down: [0, ''] }),
    ),
    the.resize('Down to three', 3),
    the.resourceList('Three free', resources({ free: [3, 'flux-sample-[0-2]'], down: [1, 'flux-sample-3'] })),
    the.resize('Down to one, below the first size', 1),
    the.resourceList('Rank 0 alone runs on', resources({ free: [1, 'flux-sample-0'], down: [3, 'flux-sample-[1-3]'] })),
    the.leadRunsOn,
    the.resize('Zero is refused', 0, refused(/spec\.size.*at least 1/s)),
    {
      title: 'The size stays',
      type: `kubectl get minicluster ${the.cluster} ${the.inNamespace} -o jsonpath='{.spec.size}'`,
      expect: [prints('1', /^1$/)],
    },
    the.deleteCluster(file),
    the.everythingGone,
  ],
};
