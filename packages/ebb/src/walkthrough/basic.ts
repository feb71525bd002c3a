/** Size 4: denied above it, down to 3 with a job running on, and back to 4. */
import { podsRunning, prints, resources, succeeds } from './expectations.ts';
import type { Scenario } from './step.ts';
import * as the from './vocabulary.ts';

const manifest = `${the.head('v1alpha1')}spec:
  size: 4
  interactive: true
  containers:
    - image: rockylinux:9
`;
const file = 'basic.yaml';
const four = resources({ free: [4, 'flux-sample-[0-3]'], allocated: [0, ''], down: [0, ''] });

export const basic: Scenario = {
  name: 'basic',
  says: 'Four brokers: a size above the maximum is denied, a smaller one lets the last broker go, and back again.',
  steps: [
    the.createNamespace,
    the.apply('A MiniCluster of four', file, manifest),
    the.shown(the.pods('Four pods come up', podsRunning(the.cluster, 4))),
    the.findLeadPod,
    the.shown(the.resourceList('Inside the first pod: four free nodes', four)),
    the.rememberPods,
    the.shown(the.resize('Five is more than this instance is registered for', 5)),
    the.shown({
      title: 'The operator denies it and says so',
      type: `kubectl get events ${the.inNamespace} --field-selector type=Warning`,
      expect: [succeeds, prints('a Warning names the size and the maximum', /Denied.*size 5 .*maximum of 4/)],
      withinMs: the.patienceMs,
    }),
    {
      title: 'The size is put back',
      type: `kubectl get minicluster ${the.cluster} ${the.inNamespace} -o jsonpath='{.spec.size}'`,
      expect: [succeeds, prints('4', /^4$/)],
      withinMs: the.patienceMs,
    },
    the.resourceList('Still four', four),
    the.samePods,
    the.insideFlux(
      'A job on the first two nodes',
      ['flux submit -N2 --requires=rank:0-1 sleep 600'],
      prints('a job id', /^ƒ\w+$/m),
    ),
    the.shown({
      ...the.resize('Down to three', 3),
      beside: `kubectl get pods ${the.inNamespace} --watch`,
      expect: [succeeds, prints('the pod of rank 3 is Terminating', /^flux-sample-3-\w{5}\s.*\sTerminating\s/m)],
      withinMs: the.patienceMs,
    }),
    the.pods('The last pod goes, the others stay', podsRunning(the.cluster, 3)),
    the.survivors,
    the.shown(
      the.resourceList(
        'Rank 3 is down; the job runs on',
        resources({ free: [1, 'flux-sample-2'], allocated: [2, 'flux-sample-[0-1]'], down: [1, 'flux-sample-3'] }),
      ),
    ),
    the.insideFlux(
      'The job ends when we say so',
      ['flux cancel --all', 'flux job wait-event $(flux job last) clean', 'flux jobs -a'],
      prints('it was canceled', /sleep\s+CA\b/),
    ),
    the.resourceList(
      'Three free, one down',
      resources({ free: [3, 'flux-sample-[0-2]'], allocated: [0, ''], down: [1, 'flux-sample-3'] }),
    ),
    the.shown(the.resize('Back to four', 4)),
    the.shown(the.resourceList('Four free again', four)),
    the.deleteCluster(file),
    the.everythingGone,
  ],
};
