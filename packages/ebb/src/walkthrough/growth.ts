/** Ways to another size that nobody types: the queue's demand, the application itself, and a raised maximum. */
import { podsRunning, prints, resources, succeeds } from './expectations.ts';
import type { Scenario, Step } from './step.ts';
import * as the from './vocabulary.ts';

const autoscaled = `apiVersion: flux-framework.org/v1alpha2
kind: MiniCluster
metadata:
  name: ${the.cluster}
  namespace: ${the.namespace}
spec:
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
    the.insideFlux('A job that needs three nodes', ['flux submit -N3 hostname'], prints('a job id', /^ƒ\w+$/m)),
    the.pods('Two pods more come up', podsRunning(the.cluster, 3)),
    the.insideFlux(
      'The job runs on all three',
      ['flux job attach $(flux job last) | sort'],
      prints('each of them once', /^flux-sample-0\nflux-sample-1\nflux-sample-2$/m),
    ),
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

const grows = `apiVersion: v1
kind: ServiceAccount
metadata:
  name: flux-sample
  namespace: ${the.namespace}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: flux-sample
  namespace: ${the.namespace}
rules:
  - apiGroups: [flux-framework.org]
    resources: [miniclusters/scale]
    resourceNames: [flux-sample]
    verbs: [patch]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: flux-sample
  namespace: ${the.namespace}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: flux-sample
subjects:
  - kind: ServiceAccount
    name: flux-sample
    namespace: ${the.namespace}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: flux-sample-program
  namespace: ${the.namespace}
data:
  program.sh: |
    set -eu
    account=/var/run/secrets/kubernetes.io/serviceaccount
    api=https://$KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT/apis/flux-framework.org/v1alpha2
    resize() {
      curl --silent --show-error --fail --output /dev/null --cacert $account/ca.crt \\
        --header "Authorization: Bearer $(cat $account/token)" \\
        --header 'Content-Type: application/merge-patch+json' \\
        --request PATCH --data "{\\"spec\\": {\\"replicas\\": $1}}" \\
        $api/namespaces/${the.namespace}/miniclusters/${the.cluster}/scale
      until [ "$(flux resource list -n -s up -o '{nnodes}')" = "$1" ]; do sleep 0.2; done
    }
    flux run hostname
    resize 3
    flux run -N3 sh -c 'echo rank $FLUX_TASK_RANK of $FLUX_JOB_SIZE'
    resize 1
    flux run echo alone again
---
apiVersion: flux-framework.org/v1alpha2
kind: MiniCluster
metadata:
  name: ${the.cluster}
  namespace: ${the.namespace}
spec:
  size: 1
  maxSize: 3
  logging:
    quiet: true
  pod:
    serviceAccountName: flux-sample
    automountServiceAccountToken: true
  containers:
    - image: rockylinux:9
      launcher: true
      command: sh /program/program.sh
      volumes:
        program:
          configMapName: flux-sample-program
          path: /program
          items:
            program.sh: program.sh
`;

const ranThree: Step['expect'][number] = {
  what: 'on one node, on three, and on one again',
  check: ({ stdout }) => {
    const lines = stdout.split(/\r?\n/).filter(Boolean);
    const wanted = ['alone again', 'flux-sample-0', 'rank 0 of 3', 'rank 1 of 3', 'rank 2 of 3'];
    return wanted.join() === [...lines].sort().join() && lines[0] === wanted[1] && lines.at(-1) === wanted[0]
      ? undefined
      : JSON.stringify(stdout);
  },
};

export const application: Scenario = {
  name: 'application',
  says: 'A program sizes the MiniCluster it runs in: it asks for two nodes more, uses them, and gives them back.',
  steps: [
    the.createNamespace,
    the.apply('A program that may size its own MiniCluster', 'application.yaml', grows),
    {
      title: 'The program grows and shrinks its MiniCluster, and ends',
      type: `kubectl wait --for=condition=Finished minicluster/${the.cluster} ${the.inNamespace} --timeout=60s`,
      expect: [succeeds],
      withinMs: the.patienceMs,
    },
    the.findLeadPod,
    {
      title: 'What it ran on',
      type: `kubectl logs ${the.inNamespace} \${lead}`,
      expect: [succeeds, ranThree],
      withinMs: the.patienceMs,
    },
    {
      title: 'It ended well, at the size that it chose',
      type: `kubectl get minicluster ${the.cluster} ${the.inNamespace} -o jsonpath='{.status.phase} {.spec.size}'`,
      expect: [succeeds, prints('Succeeded, with size 1', /^Succeeded 1$/)],
    },
    the.deleteCluster('application.yaml'),
    the.everythingGone,
  ],
};

const capable = `apiVersion: flux-framework.org/v1alpha2
kind: MiniCluster
metadata:
  name: ${the.cluster}
  namespace: ${the.namespace}
spec:
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
