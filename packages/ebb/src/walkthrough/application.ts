/** A program sizes the MiniCluster it runs in, through the scale subresource. */
import { prints, succeeds } from './expectations.ts';
import type { Scenario, Step } from './step.ts';
import * as the from './vocabulary.ts';

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
    scale=$api/namespaces/${the.namespace}/miniclusters/${the.cluster}/scale
    resize() {
      body="{\\"spec\\": {\\"replicas\\": $1}}"
      if command -v curl > /dev/null; then
        curl --silent --show-error --fail --output /dev/null --cacert $account/ca.crt \\
          --header "Authorization: Bearer $(cat $account/token)" \\
          --header 'Content-Type: application/merge-patch+json' \\
          --request PATCH --data "$body" $scale
      else
        NODE_EXTRA_CA_CERTS=$account/ca.crt node --input-type=module --eval '
          const [url, token, body] = process.argv.slice(1);
          const headers = { authorization: "Bearer " + token, "content-type": "application/merge-patch+json" };
          const { ok, status } = await fetch(url, { method: "PATCH", headers, body });
          if (!ok) throw new Error("the API answers " + status);
        ' $scale "$(cat $account/token)" "$body"
      fi
      until [ "$(flux resource list -n -s up -o '{nnodes}')" = "$1" ]; do sleep 0.2; done
    }
    flux run hostname
    resize 3
    flux run -N3 sh -c 'echo rank $FLUX_TASK_RANK of $FLUX_JOB_SIZE'
    resize 1
    flux run echo alone again
---
${the.head('v1alpha2')}spec:
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
