/** No work is lost on the way down: the ranks that will go are drained, and go when their jobs have ended. */
import { podsRunning, prints, resources, succeeds } from './expectations.ts';
import type { Scenario } from './step.ts';
import * as the from './vocabulary.ts';

const manifest = `${the.head('v1alpha2')}spec:
  size: 3
  interactive: true
  scaling:
    scaleDown:
      policy: Drain
      timeoutSeconds: 600
  containers:
    - image: rockylinux:9
`;
const waits = `sh -c 'until test -e /tmp/go; do sleep 0.1; done; echo done on $(hostname)'`;
const podOfRank2 = `$(kubectl get pods ${the.inNamespace} -o name | grep /${the.cluster}-2-)`;

export const drain: Scenario = {
  name: 'drain',
  says: 'A smaller size waits for the job on the rank that will go, which takes no other meanwhile.',
  steps: [
    the.createNamespace,
    the.apply('Three brokers', 'drain.yaml', manifest),
    the.pods('Three pods come up', podsRunning(the.cluster, 3)),
    the.findLeadPod,
    the.resourceList('Three free nodes', resources({ free: [3, 'flux-sample-[0-2]'] })),
    the.insideFlux('A job on the last node', [`flux submit --requires=rank:2 ${waits}`], prints('a job id', /^ƒ\w+$/m)),
    the.resize('Down to two', 2),
    the.insideFlux(
      'Rank 2 is drained, so that no other job comes to it',
      ['flux resource drain -n -o "{ranks} {state} {reason}"'],
      prints('rank 2 is draining, with the reason', /^2 draining .*scale down/m),
    ),
    {
      title: 'The status says what the resize waits for',
      type: `kubectl get minicluster ${the.cluster} ${the.inNamespace} -o jsonpath='{.status.conditions[?(@.type=="Resizing")].message}'`,
      expect: [succeeds, prints('the job on rank 2', /job/i)],
      withinMs: the.patienceMs,
    },
    the.pods('The pod of rank 2 stays', podsRunning(the.cluster, 3)),
    {
      title: 'Let the job come to its end',
      type: `kubectl exec ${the.inNamespace} ${podOfRank2} -- touch /tmp/go`,
      expect: [succeeds],
    },
    the.pods('Now it goes', podsRunning(the.cluster, 2)),
    the.resourceList('Two free, one down', resources({ free: [2, 'flux-sample-[0-1]'], down: [1, 'flux-sample-2'] })),
    the.insideFlux(
      'The job ended as it should',
      ['flux job attach --read-only $(flux job last)'],
      prints('its own last words', /^done on flux-sample-2$/m),
    ),
    the.deleteCluster('drain.yaml'),
    the.everythingGone,
  ],
};
