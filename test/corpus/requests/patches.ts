import { applyPatch, type CorpusRequest, jsonPatch, mergePatch, strategicPatch } from '../corpus-request.ts';

const namespace = 'corpus-patches';
const maps = `/api/v1/namespaces/${namespace}/configmaps`;
const jobs = `/apis/batch/v1/namespaces/${namespace}/jobs`;
const patch = (name: string, path: string, headers: Record<string, string>, body: unknown): CorpusRequest => ({
  name,
  method: 'PATCH',
  path,
  headers,
  body,
});
const applied = (data: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'applied', namespace },
  data,
});
const job = (containers: object[], rest: object = {}) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'work' },
  spec: {
    suspend: true,
    managedBy: 'example.com/nobody',
    template: { spec: { restartPolicy: 'Never', containers } },
    ...rest,
  },
});

/** JSON, merge, strategic merge and apply patches, with managed fields and conflicts. */
export const patchRequests: readonly CorpusRequest[] = [
  { name: 'a namespace', method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: namespace } } },
  {
    name: 'an object',
    method: 'POST',
    path: maps,
    body: { metadata: { name: 'one' }, data: { a: '1', b: '2' } },
    capture: { revision: 'metadata.resourceVersion' },
  },
  patch('merge', `${maps}/one`, mergePatch, { data: { a: null, c: '3' } }),
  patch('merge to nothing', `${maps}/one`, mergePatch, { data: null }),
  patch('merge nothing', `${maps}/one`, mergePatch, {}),
  patch('merge a list', `${maps}/one`, mergePatch, []),
  patch('merge a text', `${maps}/one`, mergePatch, '"text"'),
  patch('merge no JSON', `${maps}/one`, mergePatch, '{'),
  patch('merge another name', `${maps}/one`, mergePatch, { metadata: { name: 'two' } }),
  patch('merge another namespace', `${maps}/one`, mergePatch, { metadata: { namespace: 'default' } }),
  patch('merge another uid', `${maps}/one`, mergePatch, { metadata: { uid: 'x' } }),
  patch('merge another kind', `${maps}/one`, mergePatch, { kind: 'Secret' }),
  patch('merge with an old revision', `${maps}/one`, mergePatch, {
    metadata: { resourceVersion: '{revision}' },
    data: { d: '4' },
  }),
  patch('merge an unknown field, strict', `${maps}/one?fieldValidation=Strict`, mergePatch, { foo: 1 }),
  patch('merge an unknown field', `${maps}/one`, mergePatch, { foo: 1 }),
  patch('merge what is invalid', `${maps}/one`, mergePatch, { data: { 'a b': '1' } }),
  patch('merge a wrong type', `${maps}/one`, mergePatch, { data: { a: 1 } }),
  patch('merge into what is not there', `${maps}/nothing`, mergePatch, { data: {} }),
  patch('merge with force', `${maps}/one?force=true`, mergePatch, {}),
  patch('dry run', `${maps}/one?dryRun=All`, mergePatch, { data: { dry: 'run' } }),
  patch('json: add', `${maps}/one`, jsonPatch, [{ op: 'add', path: '/data', value: { x: '1' } }]),
  patch('json: all operations', `${maps}/one`, jsonPatch, [
    { op: 'test', path: '/data/x', value: '1' },
    { op: 'replace', path: '/data/x', value: '2' },
    { op: 'copy', from: '/data/x', path: '/data/y' },
    { op: 'move', from: '/data/x', path: '/data/z' },
    { op: 'add', path: '/metadata/labels', value: { 'a~b': 'c' } },
  ]),
  patch('json: a test that fails', `${maps}/one`, jsonPatch, [{ op: 'test', path: '/data/y', value: 'no' }]),
  patch('json: remove what is not there', `${maps}/one`, jsonPatch, [{ op: 'remove', path: '/data/nothing' }]),
  patch('json: replace what is not there', `${maps}/one`, jsonPatch, [
    { op: 'replace', path: '/data/nothing', value: '1' },
  ]),
  patch('json: an unknown operation', `${maps}/one`, jsonPatch, [{ op: 'jump', path: '/data/y' }]),
  patch('json: an object', `${maps}/one`, jsonPatch, { op: 'add' }),
  patch('json: no path', `${maps}/one`, jsonPatch, [{ op: 'add', value: 1 }]),
  patch('json: to what is invalid', `${maps}/one`, jsonPatch, [{ op: 'add', path: '/data/a b', value: '1' }]),
  patch('json: nothing', `${maps}/one`, jsonPatch, []),
  patch('an unknown patch type', `${maps}/one`, { 'content-type': 'application/json' }, {}),
  patch('apply makes', `${maps}/applied?fieldManager=first`, applyPatch, applied({ a: '1', b: '2' })),
  patch('apply again', `${maps}/applied?fieldManager=first`, applyPatch, applied({ a: '1', b: '2' })),
  patch('apply without a manager', `${maps}/applied`, applyPatch, applied({ a: '1' })),
  patch('another agrees', `${maps}/applied?fieldManager=second`, applyPatch, applied({ a: '1' })),
  patch('another conflicts', `${maps}/applied?fieldManager=second`, applyPatch, applied({ a: '2' })),
  patch('another conflicts twice', `${maps}/applied?fieldManager=third`, applyPatch, applied({ a: '2', b: '3' })),
  patch('another forces', `${maps}/applied?fieldManager=second&force=true`, applyPatch, applied({ a: '2' })),
  patch('the first conflicts now', `${maps}/applied?fieldManager=first`, applyPatch, applied({ a: '1', b: '2' })),
  patch('the first lets go', `${maps}/applied?fieldManager=first`, applyPatch, applied({})),
  patch(
    'apply in yaml',
    `${maps}/applied?fieldManager=yaml`,
    applyPatch,
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: applied\ndata:\n  y: "1"\n`,
  ),
  patch('another name conflicts', `${maps}/applied?fieldManager=fourth`, applyPatch, {
    ...applied({ a: '9' }),
    metadata: { name: 'other' },
  }),
  patch('another name and a uid', `${maps}/unknown?fieldManager=fourth`, applyPatch, {
    ...applied({ a: '9' }),
    metadata: { name: 'other', uid: 'abc' },
  }),
  patch('apply another name', `${maps}/applied?fieldManager=x`, applyPatch, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'other' },
  }),
  patch('apply without a kind', `${maps}/applied?fieldManager=x`, applyPatch, { metadata: { name: 'applied' } }),
  patch('apply with managed fields', `${maps}/applied?fieldManager=x`, applyPatch, {
    ...applied({}),
    metadata: { name: 'applied', managedFields: [{ manager: 'x' }] },
  }),
  patch('apply an unknown field, strict', `${maps}/applied?fieldManager=x&fieldValidation=Strict`, applyPatch, {
    ...applied({}),
    foo: 1,
  }),
  patch('apply an unknown field', `${maps}/applied?fieldManager=x`, applyPatch, { ...applied({}), foo: 1 }),
  patch('apply what is invalid', `${maps}/applied?fieldManager=x`, applyPatch, applied({ 'a b': '1' })),
  {
    name: 'an update takes over',
    method: 'PUT',
    path: `${maps}/applied?fieldManager=putter`,
    body: { ...applied({ a: '9' }) },
  },
  patch('apply against the update', `${maps}/applied?fieldManager=second`, applyPatch, applied({ a: '2' })),
  { name: 'who manages what', path: `${maps}/applied` },
  { name: 'a job', method: 'POST', path: jobs, body: job([{ name: 'main', image: 'i' }]) },
  patch('strategic: a label', `${jobs}/work`, strategicPatch, { metadata: { labels: { x: 'y' } } }),
  patch('strategic: an unknown directive', `${jobs}/work`, strategicPatch, {
    metadata: { labels: { $patch: 'jump' } },
  }),
  patch('strategic: replace by directive', `${jobs}/work`, strategicPatch, {
    metadata: { annotations: { $patch: 'replace', a: 'b' } },
  }),
  patch('strategic: the pod template of a suspended job', `${jobs}/work`, strategicPatch, {
    spec: { template: { metadata: { labels: { tier: 'batch' } } } },
  }),
  patch('strategic: parallelism', `${jobs}/work`, strategicPatch, { spec: { parallelism: 3 } }),
  patch('strategic: completions stand', `${jobs}/work`, strategicPatch, { spec: { completions: 4 } }),
  patch('apply a job', `${jobs}/work?fieldManager=other`, applyPatch, {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'work' },
    spec: { parallelism: 2 },
  }),
  patch('apply status', `${jobs}/work/status?fieldManager=other`, applyPatch, {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'work' },
    status: { conditions: [{ type: 'Mine', status: 'True' }] },
  }),
  patch('merge status', `${jobs}/work/status`, mergePatch, {
    spec: { parallelism: 9 },
    metadata: { labels: { s: 't' } },
  }),
  { name: 'the job now', path: `${jobs}/work`, ignoresBody: true },
  { name: 'the namespace goes', method: 'DELETE', path: `/api/v1/namespaces/${namespace}`, ignoresBody: true },
  { name: 'it is gone', path: `/api/v1/namespaces/${namespace}`, until: 404 },
];
