// What a person types, with the real kubectl and helm, against the embedded API server: the words on the screen are
// those of a real cluster.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runProgram } from './kubectl.fixture.ts';
import { type LocalKubernetes, startLocalKubernetes } from './start-local-kubernetes.ts';

let folder: string;
let cluster: LocalKubernetes;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kubectl-'));
  cluster = await startLocalKubernetes({ stateFolder: join(folder, 'state'), nodes: [], inMemory: true });
});

afterAll(async () => {
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
});

const kubectl = (words: string, input?: string) =>
  runProgram(
    'kubectl',
    cluster.kubeconfigPath,
    words.match(/'[^']*'|\S+/g)!.map((word) => word.replace(/^'|'$/g, '')),
    {
      ...(input === undefined ? {} : { input }),
    },
  );
/** Types a command that must succeed; its output. */
const ok = async (words: string, input?: string): Promise<string> => {
  const { code, stdout, stderr } = await kubectl(words, input);
  expect(`${code} ${stderr}`, `kubectl ${words}`).toMatch(/^0 /);
  return stdout;
};
/** Types a command that must fail; what it says. */
const refused = async (words: string, input?: string): Promise<string> => {
  const { code, stderr } = await kubectl(words, input);
  expect(code, `kubectl ${words}`).not.toBe(0);
  return stderr;
};
const configMap = (name: string, data: Record<string, string>, rest = {}) =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data, ...rest });

const widgets = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList', shortNames: ['wd'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {}, scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.size' } },
        additionalPrinterColumns: [{ name: 'Size', type: 'integer', jsonPath: '.spec.size' }],
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: {
                  size: { type: 'integer', minimum: 1, description: 'How large it is.' },
                  mode: { type: 'string', enum: ['fast', 'slow'], default: 'fast' },
                },
              },
              status: { type: 'object', properties: { size: { type: 'integer' } } },
            },
          },
        },
      },
    ],
  },
};

describe('kubectl', () => {
  it('knows the server', async () => {
    expect(await ok('version')).toContain('Server Version: v1.35');
    expect(await ok('cluster-info')).toContain(cluster.url);
    expect(await ok('api-versions')).toContain('batch/v1');
    const resources = await ok('api-resources');
    for (const each of ['configmaps', 'pods', 'jobs', 'leases', 'customresourcedefinitions', 'clusterroles']) {
      expect(resources).toMatch(new RegExp(`^${each} `, 'm'));
    }
    expect(await ok('get --raw /readyz')).toBe('ok');
    expect(await refused('top nodes')).toContain('Metrics API not available');
    expect(await refused('get nothings')).toContain(`the server doesn't have a resource type "nothings"`);
  });

  it('refuses by name to make what nothing here would run', async () => {
    const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: {} };
    const why = 'deployments.apps cannot be created here: local Kubernetes has no controller that keeps replicas';
    for (const line of ['apply -f -', 'apply --server-side -f -', 'create -f - --dry-run=server']) {
      expect(await refused(line, JSON.stringify(deployment))).toContain(why);
    }
    expect(await refused('create deployment web --image=i')).toContain(why);
    expect(await refused('create cronjob c --image=i --schedule=@hourly')).toContain('create the Job itself');
    expect(await refused('create ingress i --rule=a.b/*=s:80')).toContain('kubectl port-forward');
    expect(await ok('get deployments,cronjobs,ingresses')).toBe('');
  });

  it('explains kinds', async () => {
    expect(await ok('explain pod.spec.restartPolicy')).toMatch(/FIELD: restartPolicy <string>/);
    expect(await ok('explain job.spec')).toContain('completionMode');
    expect(await refused('explain pod.spec.nothing')).toContain('field "nothing" does not exist');
  });

  it('creates by its own protobuf', async () => {
    expect(await ok('create namespace proto')).toBe('namespace/proto created\n');
    expect(await ok('create configmap c --from-literal=a=b -n proto')).toBe('configmap/c created\n');
    expect(await ok(`get configmap c -n proto -o 'jsonpath={.data.a}'`)).toBe('b');
    expect(await ok('create secret generic s --from-literal=a=b -n proto')).toBe('secret/s created\n');
    expect(await ok('create job j --image=i -n proto -- true')).toBe('job.batch/j created\n');
    expect(await ok('create serviceaccount robot -n proto')).toBe('serviceaccount/robot created\n');
    expect(await ok('create role r --verb=get --resource=pods -n proto')).toContain('created');
    expect(await ok('create rolebinding b --role=r --serviceaccount=proto:robot -n proto')).toContain('created');
    expect((await ok('create token robot -n proto')).split('.')).toHaveLength(3);
    expect(await refused('create namespace proto')).toBe(
      'Error from server (AlreadyExists): namespaces "proto" already exists\n',
    );
    expect(await refused('create configmap x -n nowhere')).toContain('namespaces "nowhere" not found');
  });

  it('applies, differs and applies again', async () => {
    const first = configMap('applied', { a: '1' });
    const second = configMap('applied', { a: '2' });
    expect(await ok('apply -f -', first)).toBe('configmap/applied created\n');
    expect(await ok('apply -f -', first)).toBe('configmap/applied unchanged\n');
    const difference = await kubectl('diff -f -', second);
    expect(difference.code).toBe(1);
    expect(difference.stdout).toMatch(/-\s+a: "1"\n\+\s+a: "2"/);
    expect(await ok('apply -f -', second)).toBe('configmap/applied configured\n');
    expect(await ok('apply -f - --dry-run=server', configMap('applied', { a: '3' }))).toContain('(server dry run)');
    expect(await ok(`get cm applied -o 'jsonpath={.data.a}'`)).toBe('2');
    expect(await refused('apply -f -', configMap('Bad_Name', {}))).toContain('a lowercase RFC 1123 subdomain');
    expect(await refused('apply -f -', configMap('x', {}, { foo: 1 }))).toContain('unknown field "foo"');
  });

  it('applies on the server, and says who is in the way', async () => {
    const words = 'apply --server-side -f -';
    expect(await ok(words, configMap('owned', { a: '1' }))).toBe('configmap/owned serverside-applied\n');
    const conflict = await refused(`${words} --field-manager=other`, configMap('owned', { a: '2' }));
    expect(conflict).toContain('Apply failed with 1 conflict: conflict with "kubectl": .data.a');
    expect(await ok(`${words} --field-manager=other --force-conflicts`, configMap('owned', { a: '2' }))).toContain(
      'applied',
    );
    const managers = await ok(`get cm owned --show-managed-fields -o 'jsonpath={.metadata.managedFields[*].manager}'`);
    expect(managers.split(' ')).toContain('other');
  });

  it('gets in every form', async () => {
    for (const name of ['form-b', 'form-a']) await ok('create -f -', configMap(name, { size: name }, {}));
    await ok('label cm form-a tier=x');
    expect(await ok('get cm -l tier=x')).toMatch(/^NAME +DATA +AGE\nform-a +1 +\d+s\n$/);
    expect(await ok('get cm -l tier=x -o name')).toBe('configmap/form-a\n');
    expect(JSON.parse(await ok('get cm form-a -o json')).data).toEqual({ size: 'form-a' });
    expect(await ok('get cm form-a -o yaml')).toContain('data:\n  size: form-a\n');
    expect(await ok('get cm form-a -o custom-columns=N:.metadata.name,S:.data.size')).toBe(
      'N        S\nform-a   form-a\n',
    );
    const sorted = await ok('get cm form-b form-a --sort-by=.metadata.name -o name');
    expect(sorted).toBe('configmap/form-a\nconfigmap/form-b\n');
    expect(await ok('get cm --field-selector metadata.name=form-b -o name')).toBe('configmap/form-b\n');
    expect(await ok('get cm form-a --show-labels')).toContain('tier=x');
    expect(await ok('get ns -o wide')).toContain('Active');
    expect(await ok('get pods')).toBe('');
    expect(await ok('get cm -A --chunk-size=2 -o name')).toContain('configmap/form-b');
    expect(await refused('get cm nothing')).toBe('Error from server (NotFound): configmaps "nothing" not found\n');
    expect(await refused('get cm -l a==b==c')).toContain(`found '==', expected: ',' or 'end of string'`);
    expect(await refused('get cm --field-selector data.a=b')).toContain('is not a known field selector');
  });

  it('labels, annotates, patches, replaces, describes', async () => {
    await ok('create -f -', configMap('changed', { a: '1' }));
    expect(await ok('label cm changed a=b')).toBe('configmap/changed labeled\n');
    expect(await refused('label cm changed a=c')).toContain('--overwrite is false');
    expect(await refused('label cm changed a=-')).toContain('invalid label value');
    expect(await ok('annotate cm changed note=x')).toBe('configmap/changed annotated\n');
    expect(await ok(`patch cm changed --type=merge -p '{"data":{"b":"2"}}'`)).toContain('patched');
    expect(await ok(`patch cm changed -p '{"data":{"a":null}}'`)).toContain('patched');
    expect(await ok(`patch cm changed --type=json -p '[{"op":"add","path":"/data/c","value":"3"}]'`)).toContain(
      'patched',
    );
    expect(JSON.parse(await ok('get cm changed -o json')).data).toEqual({ b: '2', c: '3' });
    expect(await refused(`patch cm changed --type=json -p '[{"op":"test","path":"/data/c","value":"no"}]'`)).toContain(
      'the server rejected our request due to an error in our request',
    );
    expect(await ok('replace -f -', configMap('changed', { z: '9' }))).toBe('configmap/changed replaced\n');
    expect(await refused('replace -f -', configMap('nothing', {}))).toContain('not found');
    expect(await ok('describe cm changed')).toMatch(/z:\n----\n9/);
  });

  it('deletes, waits and watches', async () => {
    await ok('create -f -', configMap('going', {}));
    const waiting = ok('wait --for=delete cm/going --timeout=20s');
    expect(await ok('delete cm going')).toContain('configmap "going" deleted');
    // Nothing is said when it was gone before kubectl looked.
    expect(await waiting).toMatch(/^(configmap\/going condition met\n)?$/);
    expect(await refused('delete cm going')).toContain('NotFound');
    expect(await ok('delete cm going --ignore-not-found')).toBe('');
    await ok('create -f -', configMap('slow', {}));
    const timed = await refused(`wait --for=jsonpath={.data.a}=1 cm/slow --timeout=1s`);
    expect(timed).toContain('timed out waiting for the condition');
    const met = ok(`wait --for=jsonpath={.data.a}=1 cm/slow --timeout=20s`);
    await ok(`patch cm slow --type=merge -p '{"data":{"a":"1"}}'`);
    expect(await met).toContain('condition met');
    const watched = kubectl('get cm -w -o name --request-timeout=2s');
    await ok('create -f -', configMap('seen', {}));
    expect((await watched).stdout).toContain('configmap/seen');
  });

  it('answers who may do what', async () => {
    expect(await ok('auth can-i create pods')).toBe('yes\n');
    expect((await kubectl('auth can-i create pods --as jane')).stdout).toBe('no\n');
    await ok('create clusterrole looks --verb=get,list --resource=configmaps');
    await ok('create clusterrolebinding jane-looks --clusterrole=looks --user=jane');
    expect(await ok('auth can-i list configmaps --as jane')).toBe('yes\n');
    expect(await ok('auth can-i --list --as jane')).toContain('configmaps');
    expect(await ok('get cm --as jane -o name')).toContain('configmap/');
    expect(await refused('get secrets --as jane')).toBe(
      'Error from server (Forbidden): secrets is forbidden: User "jane" cannot list resource "secrets" in API group "" in the namespace "default"\n',
    );
    expect(await ok('auth whoami')).toContain('kubernetes-admin');
  });

  it('defines kinds and uses them', async () => {
    const text = JSON.stringify(widgets);
    expect(await ok('apply -f -', text)).toContain('widgets.example.com created');
    expect(await ok('wait --for=condition=Established crd/widgets.example.com --timeout=10s')).toContain('met');
    const widget = (name: string, spec: object) =>
      JSON.stringify({ apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name }, spec });
    expect(await ok('apply -f -', widget('one', { size: 2 }))).toBe('widget.example.com/one created\n');
    expect(await ok('get wd')).toMatch(/^NAME +SIZE\none +2\n$/);
    expect(await ok(`get wd one -o 'jsonpath={.spec.mode}'`)).toBe('fast');
    expect(await ok('scale wd/one --replicas=5')).toBe('widget.example.com/one scaled\n');
    expect(await ok(`get wd one -o 'jsonpath={.spec.size}'`)).toBe('5');
    expect(await ok('explain widget.spec.size')).toContain('How large it is.');
    expect(await refused('apply -f -', widget('two', { size: 0 }))).toContain(
      'spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1',
    );
    expect(await refused('apply -f -', widget('two', { size: 1, extra: 2 }))).toContain('unknown field "spec.extra"');
    expect(await refused('apply -f -', widget('two', { size: 1, mode: 'odd' }))).toContain('Unsupported value: "odd"');
    expect(await ok('describe wd one')).toMatch(/Size: +5/);
    expect(await ok('delete crd widgets.example.com')).toContain('deleted');
    // kubectl remembers for a while what the short name meant.
    expect(await refused('get wd')).toContain('the server could not find the requested resource');
  });
});

describe('helm', () => {
  const helm = (...words: string[]) => runProgram('helm', cluster.kubeconfigPath, words, { timeoutMs: 60_000 });

  it('installs, upgrades, rolls back and uninstalls a chart', async () => {
    const chart = join(folder, 'chart');
    mkdirSync(join(chart, 'templates'), { recursive: true });
    writeFileSync(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: demo\nversion: 0.1.0\n');
    writeFileSync(join(chart, 'values.yaml'), 'size: "1"\n');
    writeFileSync(
      join(chart, 'templates', 'all.yaml'),
      [
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}-cm"}\ndata: {size: {{ .Values.size | quote }}}',
        'apiVersion: v1\nkind: Service\nmetadata: {name: "{{ .Release.Name }}-svc"}\nspec: {selector: {a: b}, ports: [{port: 80}]}',
        'apiVersion: batch/v1\nkind: Job\nmetadata: {name: "{{ .Release.Name }}-job"}\nspec: {suspend: true, template: {spec: {restartPolicy: Never, containers: [{name: c, image: x}]}}}',
      ].join('\n---\n'),
    );
    const size = () => ok(`get cm demo-cm -o 'jsonpath={.data.size}'`);
    expect(await helm('install', 'demo', chart)).toMatchObject({ code: 0 });
    expect(await size()).toBe('1');
    expect(await helm('upgrade', 'demo', chart, '--set', 'size=2')).toMatchObject({ code: 0 });
    expect(await size()).toBe('2');
    expect(await helm('rollback', 'demo', '1')).toMatchObject({ code: 0 });
    expect(await size()).toBe('1');
    expect((await helm('install', 'demo', chart)).stderr).toContain('cannot reuse a name that is still in use');
    expect(await helm('uninstall', 'demo')).toMatchObject({ code: 0 });
    expect(await refused('get svc demo-svc')).toContain('NotFound');
  });
});
