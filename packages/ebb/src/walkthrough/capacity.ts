/** Growth past the first maximum, while a job runs. */
import { podsRunning, prints, resources, succeeds } from './expectations.ts';
import type { Scenario } from './step.ts';
import * as the from './vocabulary.ts';

const capable = `${the.head('v1alpha2')}spec:
  size: 2
  maxSize: 2
  interactive: true
  scaling:
    capacity: 4
  containers:
    - image: rockylinux:9
`;

export const capacity: Scenario = {
  name: 'capacity',
  says: 'Growth past the first maximum: four hosts are registered, two are hidden until maxSize is raised, and jobs run on.',
  steps: [
    the.createNamespace,
    the.apply('Two brokers, and room for two that nobody sees', 'capacity.yaml', capable),
    the.pods('Two pods come up', podsRunning(the.cluster, 2)),
    the.findLeadPod,
    the.resourceList('Two nodes, and no more', resources({ free: [2, 'flux-sample-[0-1]'], down: [0, ''] })),
    the.insideFlux('A job on both', ['flux submit -N2 sleep 600'], prints('a job id', /^ƒ\w+$/m)),
    {
      title: 'Raise the maximum, and the size with it',
      type: `kubectl patch minicluster ${the.cluster} ${the.inNamespace} --type merge -p '{"spec":{"maxSize":4,"size":4}}'`,
      expect: [succeeds],
    },
    the.pods('Two pods more come up', podsRunning(the.cluster, 4)),
    the.resourceList(
      'Two nodes more are free, and the job runs on',
      resources({ free: [2, 'flux-sample-[2-3]'], allocated: [2, 'flux-sample-[0-1]'], down: [0, ''] }),
    ),
    the.deleteCluster('capacity.yaml'),
    the.everythingGone,
  ],
};
