/** What people type, with the real kubectl: the words on the screen are those of a real cluster. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { realBuiltHere } from '../clusters/real.ts';
import { runs } from '../clusters/test-cluster.ts';
import { type BothClusters, startBothClusters } from './both-clusters.ts';
import { configMap, manifests } from './manifests.ts';

describe.skipIf(!runs(realBuiltHere))('kubectl on both', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ebb-kubectl-'));
  let both: BothClusters;
  const type = (words: string, input?: string) => both.type(words, input);
  /** Types one line after the other. */
  const typeAll = async (lines: string, see?: (text: string) => string) => {
    for (const line of lines.split('\n').map((each) => each.trim())) if (line) await both.type(line, '', see);
  };

  beforeAll(async () => {
    both = await startBothClusters(folder);
  }, 1_200_000);
  afterAll(async () => {
    await both?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('apply pods and wait for them', async () => {
    await type('wait --for=create serviceaccount/default --timeout=60s');
    await type('apply -f -', manifests);
    await type('wait --for=condition=Ready pod/idle pod/talker --timeout=60s');
  });

  test('explain', () =>
    typeAll(
      `
      explain pod.spec.restartPolicy
      explain job.spec.completionMode
      explain configmap
      explain pod.spec.containers.resources --recursive
      explain lease --api-version=coordination.k8s.io/v1
      explain pod.spec.nothing
      explain nothing
      explain pod --api-version=v9`,
      fieldsOnly,
    ));

  test('create, and what stands in its way', () =>
    typeAll(`
      create configmap made --from-literal=a=b
      create configmap made
      create configmap Bad_Name
      create configmap x -n nowhere
      create secret generic s --from-literal=a=b
      create secret tls t --cert=/nowhere --key=/nowhere
      create job j --image=i -- true
      create job j --image=i
      create service clusterip svc --tcp=80:8080
      create service nodeport np --tcp=80
      create service clusterip svc --tcp=notaport
      create quota
      create priorityclass pc --value=5
      create ingress i
      create role r --verb=get --resource=pods
      create role r2 --verb=get --resource=nothings
      create rolebinding rb --role=r --user=jane
      create clusterrole cr --verb=get --non-resource-url=/metrics
      create token nobody
      create deployment
      create nothing
      create -f /nowhere.yaml`));

  test('apply, on either side, and diff', async () => {
    await type('apply -f -', configMap('applied', { a: '1' }));
    await type('apply -f -', configMap('applied', { a: '1' }));
    await type('apply -f -', configMap('applied', { a: '2' }));
    await type('apply -f - --dry-run=server', configMap('applied', { a: '3' }));
    await type('apply -f - --dry-run=client', configMap('applied', { a: '3' }));
    await type('apply -f -', configMap('x', {}, { foo: 1 }));
    await type('apply -f - --validate=false', configMap('y', {}, { foo: 1 }));
    await type('apply -f -', 'apiVersion: v1\nkind: Nothing\nmetadata: {name: x}\n');
    await type('apply -f -', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n');
    await type('apply -f -', 'a: [');
    await type('apply -f -', '');
    await type('apply --server-side -f -', configMap('owned', { a: '1' }));
    await type('apply --server-side -f - --field-manager=other', configMap('owned', { a: '2' }));
    await type('apply --server-side -f - --field-manager=other --force-conflicts', configMap('owned', { a: '2' }));
    await type('apply --server-side -f -', configMap('applied', { a: '4' }));
    await type('apply view-last-applied cm/applied');
    await type('apply -f - --prune -l a=b', configMap('pruned', {}));
    await type('create -f - --save-config', configMap('saved', {}));
  });

  test('get in every form, and describe', () =>
    typeAll(`
      get pods
      get pods -o wide
      get pod idle -o yaml --show-managed-fields=false -o jsonpath={.status.phase}
      get pods -o name
      get pods --show-labels
      get pods -L app
      get pods -l app=talker
      get pods -l 'app in (talker,idle)' -o name --sort-by=.metadata.name
      get pods -l 'app notin (talker)' -o name
      get pods -l !app -o name
      get pods -l =
      get pods --field-selector status.phase=Running -o name
      get pods --field-selector spec.nothing=1
      get pods -o custom-columns=N:.metadata.name,P:.status.phase,X:.nothing
      get pods -o jsonpath={.items[*].metadata.name}
      get pods -o jsonpath={.items[
      get pods -o go-template='{{len .items}}'
      get pods --sort-by=.nothing -o name
      get pods -o nothing
      get pod idle talker nobody
      get pod/idle cm/applied
      get cm,secrets -n default -o name
      get jobs
      get jobs -o wide
      get services
      get services -o wide
      get namespaces
      get serviceaccounts
      get roles,rolebindings
      get clusterrole cr
      get priorityclasses pc
      get leases -n nowhere
      get pvc
      get pv
      get networkpolicies
      get events -n nowhere
      get pods -n nowhere
      get nothings
      get pods/
      get
      describe pod idle -n nowhere
      describe cm applied
      describe secret s
      describe service svc
      describe job j
      describe role r
      describe namespace default
      describe serviceaccount default
      describe nothing x
      describe pod nobody`));

  test('label, annotate, scale, patch, replace', async () => {
    await typeAll(`
      label cm applied a=b
      label cm applied a=c
      label cm applied a=c --overwrite
      label cm applied a-
      label cm applied a-
      label cm applied 'a=not good'
      label cm applied
      label cm --all tier=all -o name
      annotate cm applied note=x
      annotate cm applied note=y
      annotate cm applied note-
      annotate cm nobody note=x
      annotate cm applied 'bad key=x'
      scale job/j --replicas=2
      scale cm/applied --replicas=2
      scale --replicas=2
      patch cm applied --type=merge -p '{"data":{"b":"2"}}'
      patch cm applied --type=merge -p '{"data":{"b":"2"}}'
      patch cm applied -p '{"data":{"b":null}}'
      patch cm applied --type=json -p '[{"op":"add","path":"/data/c","value":"3"}]'
      patch cm applied --type=json -p '[{"op":"remove","path":"/data/nothing"}]'
      patch cm applied --type=json -p '[{"op":"test","path":"/data/c","value":"no"}]'
      patch cm applied --type=json -p '{"a":1}'
      patch cm applied --type=odd -p '{}'
      patch cm applied --type=merge -p '{'
      patch cm applied --type=merge -p '{"data":{"c":3}}'
      patch cm applied --type=merge -p '{"metadata":{"name":"other"}}'
      patch cm nobody --type=merge -p '{}'
      patch pod idle -p '{"spec":{"containers":[{"name":"main","image":"other"}]}}'
      patch job j -p '{"spec":{"completionMode":"Indexed"}}'
      patch service svc -p '{"spec":{"clusterIP":"1.2.3.4"}}'`);
    await type('replace -f -', configMap('applied', { z: '9' }));
    await type('replace -f -', configMap('nobody', {}));
    await type('replace --force -f -', configMap('applied', { z: '8' }));
    await type('set image pod/idle main=ubuntu:new');
    await type('get cm applied -o jsonpath={.data}');
  });

  test('running pods', async () => {
    await typeAll(`
      logs talker
      logs talker --tail=1
      logs talker --since=1h
      logs talker --since-time=nonsense
      logs talker -c nobody
      logs talker --previous
      logs nobody
      logs -l app=talker --prefix
      logs job/nobody
      exec idle -- sh -c 'echo out; echo err >&2; exit 7'
      exec idle -- nothing-of-the-kind
      exec idle -c nobody -- true
      exec nobody -- true
      exec idle
      attach nobody
      cp /nowhere idle:/tmp/x
      cp /etc/hostname nobody:/tmp/x
      port-forward pod/nobody 8080
      port-forward pod/idle notaport
      top pods
      top nodes
      wait --for=condition=Ready pod/idle --timeout=10s
      wait --for=jsonpath={.status.phase}=Running pod/idle --timeout=10s
      wait --for=jsonpath={.status.phase}=Failed pod/idle --timeout=1s
      wait --for=condition=Nothing pod/idle --timeout=1s
      wait --for=condition=Ready pod/nobody --timeout=1s
      wait --for=nonsense pod/idle
      wait --for=delete pod/nobody --timeout=1s
      events --for pod/nobody`);
  });

  test('who may do what', () =>
    typeAll(`
      auth can-i create pods
      auth can-i create pods --as jane
      auth can-i get pods --as jane
      auth can-i get pods/log --as jane
      auth can-i list pods --as jane --namespace other
      auth can-i nothing pods
      auth can-i get nothings
      auth can-i get /metrics --as jane
      auth can-i --list --as nobody
      get pods --as jane
      get pod idle -o name --as jane
      delete pod idle --as jane
      create configmap no --as jane
      auth whoami --as jane --as-group=devs`));

  test('kinds of others: MiniClusters', async () => {
    const mini = (name: string, spec: object) =>
      JSON.stringify({
        apiVersion: 'flux-framework.org/v1alpha2',
        kind: 'MiniCluster',
        metadata: { name },
        spec: { size: 2, containers: [{ image: 'rockylinux:9' }], ...spec },
      });
    await type('apply -f -', mini('mini', { maxSize: 4 }));
    await type('apply -f -', mini('mini', { maxSize: 4 }));
    await type('apply -f -', mini('mini', { maxSize: 1 }));
    await type('apply -f -', mini('other', { size: 0 }));
    await type('apply -f -', mini('other', { size: 'many' }));
    await type('apply -f -', mini('other', { nothing: 1, containers: [{ image: 'i', odd: true }] }));
    await type('apply -f -', mini('other', { containers: [] }));
    await type('apply -f -', mini('Not-Good', {}));
    await type('apply -f - --validate=ignore', mini('loose', { nothing: 1 }));
    await type('apply --server-side -f - --field-manager=other', mini('mini', { size: 3 }));
    await type('diff -f -', mini('same', {}).replace('same', 'loose'));
    await typeAll(`
      get miniclusters
      get mc -o wide
      get mc mini -o jsonpath={.spec}
      get flux -o name
      get minicluster.v1alpha1.flux-framework.org mini -o jsonpath={.apiVersion}
      get miniclusters --field-selector spec.size=2
      describe mc mini
      scale mc mini --replicas=4
      scale mc mini --replicas=3 --current-replicas=1
      scale mc mini --replicas=0
      scale mc mini --replicas=-1
      scale mc nobody --replicas=1
      patch mc mini -p '{"spec":{"size":2}}'
      patch mc mini --type=merge -p '{"spec":{"size":2}}'
      patch mc mini --type=merge -p '{"spec":{"size":"2"}}'
      patch mc mini --type=merge --subresource=status -p '{"status":{"phase":"Odd"}}'
      patch mc mini --type=merge --subresource=scale -p '{"spec":{"replicas":3}}'
      get mc mini --subresource=scale -o jsonpath={.spec.replicas}
      get mc mini --subresource=nothing
      wait --for=jsonpath={.spec.size}=3 mc/mini --timeout=5s
      wait --for=condition=Ready mc/mini --timeout=1s
      label mc mini a=b
      auth can-i scale miniclusters --as jane
      auth can-i update miniclusters/scale --as jane
      delete mc mini loose
      delete mc mini`);
  });

  test('what the server is', () =>
    typeAll(`
      api-resources --api-group=policy
      api-resources --api-group=flux-framework.org -o wide
      api-resources --api-group=coordination.k8s.io --no-headers
      api-resources --namespaced=false --api-group=apiextensions.k8s.io
      api-resources --verbs=nothing
      get --raw /readyz
      get --raw /livez
      get --raw /nothing
      get --raw /api/v1/namespaces/default/configmaps/nobody
      get --raw /apis/flux-framework.org
      version --client=false -o nothing
      cluster-info nothing
      config current-context-nothing`));

  test('outputs that go on', async () => {
    await type('apply -f -', manifests);
    await type('wait --for=condition=Ready pod/talker --timeout=30s');
    await typeAll(`
      run said --image=ubuntu --restart=Never --command -- sh -c 'echo first; sleep 1; echo last; exit 3'
      wait --for=condition=Ready pod/said --timeout=20s
      logs -f said
      wait --for=jsonpath={.status.phase}=Failed pod/said --timeout=20s
      get pod said
      logs said --tail=0
      logs said --tail=-2
      logs said --limit-bytes=3
      logs said --previous
      exec said -- true
      attach said
      get events --field-selector involvedObject.name=said,reason=Started -o jsonpath={.items[*].message}
      get events --field-selector involvedObject.name=said,type=Normal --sort-by=.reason -o jsonpath={.items[*].reason}
      events --for pod/said --types=Warning
      debug said
      cordon nobody
      drain nobody
      expose pod idle --port=80
      expose pod idle --port=80
      delete service idle
      delete pod said`);
  });

  test('delete, each way', async () => {
    await type('apply -f -', manifests);
    await typeAll(`
      delete cm made
      delete cm made
      delete cm made --ignore-not-found
      delete cm nobody applied
      delete pod talker --wait=false --grace-period=0 --force
      delete pod idle --now
      delete job j --cascade=orphan
      delete job never --cascade=foreground
      delete job nobody --cascade=background
      delete cm x --cascade=odd
      delete cm -l tier=all -o name
      delete secret s --dry-run=server
      delete secret s --dry-run=client
      delete secret s
      delete namespace default
      delete namespace nowhere
      delete nothings x
      delete
      delete cm
      delete priorityclass pc
      delete priorityclass system-node-critical`);
  });
});

/** Of `kubectl explain`: which fields there are, of which type. What they mean both say in words of their own. */
function fieldsOnly(text: string): string {
  const isField = /^[A-Z]+:|^ *[\w$]+\t<|^error|^exit/;
  return text
    .split('\n')
    .filter((line) => isField.test(line))
    .join('\n');
}
