/** What people type, with the real kubectl: the words on the screen are those of a real cluster. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { realBuiltHere } from '../clusters/real.ts';
import { runs } from '../clusters/test-cluster.ts';
import { type BothClusters, startBothClusters } from './both-clusters.ts';
import { configMap, manifests } from './manifests.ts';
import { autoscaling } from './screens/autoscaling.ts';
import { creation } from './screens/creation.ts';
import { customResource } from './screens/custom-resource.ts';
import { editing } from './screens/editing.ts';
import { eviction } from './screens/eviction.ts';
import { explaining } from './screens/explaining.ts';
import { gettingAndDescribing } from './screens/getting-and-describing.ts';
import { deleting, handling, toHandle } from './screens/handling.ts';
import { helmAndKustomize } from './screens/helm-and-kustomize.ts';
import { kindsNotRun, pruning } from './screens/kinds-not-run.ts';
import { jobUnderQuota, limits, quotas } from './screens/limits-and-quotas.ts';
import { making } from './screens/making.ts';
import { nodesInAndOut, otherObjects } from './screens/other-objects.ts';
import { permissions } from './screens/permissions.ts';
import { crashLoop, podsAndJobs, podsAsTold } from './screens/pods-in-every-state.ts';
import { runningPods } from './screens/running-pods.ts';

describe.skipIf(!runs(realBuiltHere))('kubectl on both', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ebb-kubectl-'));
  let both: BothClusters;
  const type = (words: string, input?: string) => both.type(words, input);
  const typeAll: BothClusters['typeAll'] = (lines, see) => both.typeAll(lines, see);

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

  test('explain', () => typeAll(explaining, fieldsOnly));

  test('create, and what stands in its way', () => typeAll(creation));

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

  test('get in every form, and describe', () => typeAll(gettingAndDescribing));

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

  test('running pods', () => typeAll(runningPods));

  test('who may do what', () => typeAll(permissions));

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

  test('what is made by a word', () => typeAll(making));

  test('what is handled by a word, and deleted', async () => {
    await typeAll(toHandle);
    await typeAll(handling);
    await typeAll(deleting);
  });

  test('what is edited, applied, compared and copied', () => typeAll(editing));

  describe('more of each', () => {
    test('pods and Jobs in every state', async () => {
      await typeAll(podsAndJobs);
      await both.look(podsAsTold);
      await typeAll(crashLoop);
    });

    test('kinds that the embedded one does not run', () => typeAll(kindsNotRun, fieldsOnly));

    test('pruning', () => typeAll(pruning));

    test('other objects', () => both.look(otherObjects));

    test('a watch while a Job grows and shrinks', () =>
      both.watch(
        'get job elastic -w -o custom-columns=NAME:.metadata.name,SIZE:.spec.completions,GENERATION:.metadata.generation',
        /^elastic +1 +3\n/m,
        () =>
          typeAll(`
            patch job elastic -p '{"spec":{"completions":3,"parallelism":3}}'
            patch job elastic -p '{"spec":{"completions":1,"parallelism":1}}'`),
      ));

    test('a custom resource from its definition to its end', () => typeAll(customResource));

    test('helm and kustomize', () => typeAll(helmAndKustomize));

    test('nodes in and out of use', () => typeAll(nodesInAndOut));

    test('nodes that are emptied', () => typeAll(eviction));

    test('what is sized within bounds', () => typeAll(autoscaling));

    test('what limits fill in and refuse', () => typeAll(limits));

    test('what quotas count and refuse', () => typeAll(quotas));

    test('a Job under a quota', () => typeAll(jobUnderQuota));
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
