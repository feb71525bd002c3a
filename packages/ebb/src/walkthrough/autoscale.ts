/** The demand of the queue sets the size. */
import { podsRunning, prints, succeeds } from './expectations.ts';
import type { Scenario } from './step.ts';
import * as the from './vocabulary.ts';

const autoscaled = `${the.head('v1alpha2')}spec:
  size: 1
  maxSize: 4
  interactive: true
  scaling:
    autoscale:
      minSize: 1
      idleSeconds: 5
  containers:
    - image: rockylinux:9
`;

export const autoscale: Scenario = {
  name: 'autoscale',
  says: 'The demand of Flux’s own queue sets the size: a job of three nodes brings two more, and nothing to do takes them away.',
  steps: [
    the.createNamespace,
    the.apply('One broker, which may become four', 'autoscale.yaml', autoscaled),
    the.pods('One pod comes up', podsRunning(the.cluster, 1)),
    the.findLeadPod,
    the.insideFlux('A job that needs three nodes', ['flux submit -N3 sleep inf'], prints('a job id', /^ƒ\w+$/m)),
    the.pods('Two pods more come up', podsRunning(the.cluster, 3)),
    the.insideFlux(
      'The job runs on all three',
      ["flux jobs -n -o '{status_abbrev} {nodelist}'"],
      prints('R, with the three of them', /^R flux-sample-\[0-2\]$/m),
    ),
    the.insideFlux('It is not needed any more', ['flux cancel $(flux job last)']),
    the.pods('Idle for five seconds, they go again', podsRunning(the.cluster, 1)),
    {
      title: 'The status says why',
      type: `kubectl get events ${the.inNamespace} --field-selector reason=Autoscaled`,
      expect: [
        succeeds,
        prints('grown for the queue', /Jobs wait for/),
        prints('shrunk when idle', /Nothing has waited/),
      ],
      withinMs: the.patienceMs,
    },
    the.deleteCluster('autoscale.yaml'),
    the.everythingGone,
  ],
};
