/** How bodies are read: types and versions that are not those of the path, members that stand twice, patches that are none. */
import { applyPatch, type CorpusRequest, json, jsonPatch, mergePatch, strategicPatch } from '../corpus-request.ts';

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const letters = '/apis/reading.corpus/v1/namespaces/default/letters';
const maps = '/api/v1/namespaces/default/configmaps';
const validations = ['Strict', 'Warn', 'Ignore'];
const asked = (path: string, validation: string) => `${path}?dryRun=All&fieldValidation=${validation}`;
const text = (name: string, method: 'POST' | 'PUT' | 'PATCH', path: string, body: string, headers: object = json) => ({
  ...{ name, method, path, body },
  headers: { ...headers },
});

const version = (name: string, storage: boolean, properties: object) => ({
  ...{ name, served: true, storage, schema: { openAPIV3Schema: { type: 'object', properties } } },
  subresources: { status: {}, scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.size' } },
});
const size = { type: 'object', properties: { size: { type: 'integer' } } };
const definition = {
  metadata: { name: 'letters.reading.corpus' },
  spec: {
    group: 'reading.corpus',
    scope: 'Namespaced',
    names: { plural: 'letters', kind: 'Letter' },
    versions: [version('v1', true, { spec: size, status: size }), version('v2', false, { note: { type: 'string' } })],
  },
};
const letter = (apiVersion: string, kind: string) => ({
  ...{ apiVersion, kind, metadata: { name: 'new', odd: 1 }, spec: { size: 1, odd: 1 }, note: 'a', odd: 1 },
});
const patched = (apiVersion: string, kind: string) => ({ apiVersion, kind, metadata: { odd: 1 }, odd: 1 });
const types = [
  '',
  '/',
  'reading.corpus/v1',
  'reading.corpus/v2',
  'reading.corpus/v3',
  'other.corpus/v1',
  'v1',
  'a/b/c',
].flatMap((apiVersion) => ['Letter', 'Parcel', ''].map((kind) => [apiVersion, kind] as const));

const versions = validations.flatMap((validation) =>
  types.flatMap(([apiVersion, kind]): CorpusRequest[] => [
    {
      name: `${validation}: made as ${kind} of ${apiVersion}`,
      method: 'POST',
      path: asked(letters, validation),
      body: letter(apiVersion, kind),
    },
    {
      name: `${validation}: patched to ${kind} of ${apiVersion}`,
      method: 'PATCH',
      path: asked(`${letters}/one`, validation),
      body: patched(apiVersion, kind),
      headers: mergePatch,
    },
  ]),
);

/** By a JSON patch the version goes, or becomes null. */
const lost = validations.flatMap((validation) =>
  [
    ['gone', []],
    ['gone, odd', [{ op: 'add', path: '/metadata/odd', value: 1 }]],
    ['gone, bad labels', [{ op: 'add', path: '/metadata/labels', value: 7 }]],
    ['gone, another name', [{ op: 'add', path: '/metadata/name', value: 'two' }]],
    ['gone, another namespace', [{ op: 'add', path: '/metadata/namespace', value: 'two' }]],
    ['gone, another revision', [{ op: 'add', path: '/metadata/resourceVersion', value: '1' }]],
    ['null', [{ op: 'add', path: '/apiVersion', value: null }]],
    [
      'null, bad labels',
      [
        { op: 'add', path: '/apiVersion', value: null },
        { op: 'add', path: '/metadata/labels', value: 7 },
      ],
    ],
  ].map(
    ([how, steps]): CorpusRequest => ({
      name: `${validation}: version ${how}`,
      method: 'PATCH',
      path: asked(`${letters}/one`, validation),
      body: [{ op: 'remove', path: '/apiVersion' }, ...(steps as object[])],
      headers: jsonPatch,
    }),
  ),
);

const twice = validations.flatMap((validation): CorpusRequest[] => [
  text(
    `${validation}: letter with twos`,
    'POST',
    asked(letters, validation),
    '{"apiVersion":"reading.corpus/v1","kind":"Letter","metadata":{"name":"b","odd":1},"x":1,"x":2}',
  ),
  text(
    `${validation}: map with twos`,
    'POST',
    asked(maps, validation),
    '{"z":1,"metadata":{"name":"b","odd":1},"x":1,"x":2,"data":{"a":"1","a":"2"}}',
  ),
  text(
    `${validation}: another kind with twos`,
    'POST',
    asked(maps, validation),
    '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"b","odd":1},"x":1,"x":2}',
  ),
  text(
    `${validation}: status with twos`,
    'PUT',
    asked(`${letters}/one/status`, validation),
    '{"apiVersion":"reading.corpus/v1","kind":"Letter","metadata":{"name":"one"},"status":{"size":2,"size":3,"y":1}}',
  ),
  text(
    `${validation}: scale with twos`,
    'PUT',
    asked(`${letters}/one/scale`, validation),
    '{"apiVersion":"autoscaling/v1","kind":"Scale","metadata":{"name":"one"},"spec":{"replicas":2,"replicas":3,"y":1}}',
  ),
  text(
    `${validation}: scale patched with twos`,
    'PATCH',
    asked(`${letters}/one/scale`, validation),
    '{"spec":{"replicas":2,"replicas":3,"y":1}}',
    mergePatch,
  ),
  text(
    `${validation}: patch with twos and a bad value`,
    'PATCH',
    asked(`${letters}/one`, validation),
    '{"spec":{"size":1,"size":2,"x":1},"metadata":{"labels":7}}',
    mergePatch,
  ),
]);

const yaml = { 'content-type': 'application/yaml' } as const;
const typed = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: corpus-reading-new}\n';
const yamlTwice = validations.flatMap((validation) =>
  [
    'data: {b: "1", b: "2"}\n',
    'data:\n  a: x\n  b: "1"\n  b: "2"\n  a: z\ndata: {c: d}\n',
    'data: {1: "1", true: "x", yes: "y"}\n',
    'odd: 1\nodd: 2\n',
    'kind: Secret\n',
  ].flatMap((each) => [
    text(`${validation}: YAML ${each}`, 'POST', asked(maps, validation), typed + each, yaml),
    text(
      `${validation}: applied ${each}`,
      'PATCH',
      `${asked(`${maps}/corpus-reading-new`, validation)}&fieldManager=alice`,
      typed + each,
      applyPatch,
    ),
  ]),
);

const noPatches = ['', '{"a":', '[{"op":', '{} x', '[]', '"x"', '7', 'null', '[7,null]', '[[]]', '{}'];
const operations = ['{"op":7}', '{"op":"add","path":7}', '{"op":null}', '{"op":"copy","from":7,"path":"/data"}'];
const patches = ['Strict', 'Ignore'].flatMap((validation) =>
  [
    ...noPatches.flatMap((body) => [mergePatch, jsonPatch, strategicPatch].map((headers) => [body, headers] as const)),
    ...operations.map((each) => [`[${each}]`, jsonPatch] as const),
  ].map(([body, headers]) =>
    text(
      `${validation}: ${body} as ${headers['content-type']}`,
      'PATCH',
      asked(`${maps}/corpus-reading`, validation),
      body,
      headers,
    ),
  ),
);

const unread = (name: string, metadata: object): CorpusRequest => ({
  name: `metadata: ${name}`,
  method: 'POST',
  path: asked(letters, 'Warn'),
  body: { apiVersion: 'reading.corpus/v1', kind: 'Letter', metadata },
});
const operate = (name: string, ...body: object[]): CorpusRequest => ({
  name: `shown: ${name}`,
  method: 'PATCH',
  path: asked(`${maps}/corpus-reading`, 'Warn'),
  body,
  headers: jsonPatch,
});

/** In which order members stand in what is shown of a patch that makes nothing to be read. */
const shown: readonly CorpusRequest[] = [
  unread('two of wrong types', { name: false, labels: { a: false } }),
  unread('unknown ones', { odd: 1, name: 'a', even: 1 }),
  operate('added', { op: 'add', path: '/metadata/labels', value: 7 }),
  operate('moved', { op: 'move', from: '/metadata/labels', path: '/data/labels' }),
  operate(
    'changed, then moved',
    { op: 'replace', path: '/metadata/labels/b', value: 1 },
    { op: 'move', from: '/metadata/labels', path: '/data/labels' },
  ),
  operate(
    'copied, then changed',
    { op: 'copy', from: '/metadata/labels', path: '/data/labels' },
    { op: 'replace', path: '/metadata/labels/b', value: 1 },
  ),
  ...[{ metadata: [{ name: 'b', labels: { b: 'c', a: 'b' } }] }, { data: { a: [{ d: 1, c: null }] } }].map(
    (body): CorpusRequest => ({
      name: `shown: merged ${JSON.stringify(body)}`,
      method: 'PATCH',
      path: asked(`${maps}/corpus-reading`, 'Warn'),
      body,
      headers: mergePatch,
    }),
  ),
];

const goes = (path: string): CorpusRequest => ({ name: `goes: ${path}`, method: 'DELETE', path, ignoresBody: true });

export const readingRequests: readonly CorpusRequest[] = [
  { name: 'a definition', method: 'POST', path: definitions, body: definition },
  { name: 'its resource', path: letters, until: 200, ignoresBody: true },
  {
    name: 'a letter',
    method: 'POST',
    path: letters,
    body: { apiVersion: 'reading.corpus/v1', kind: 'Letter', metadata: { name: 'one' }, spec: { size: 1 } },
  },
  {
    name: 'a map',
    method: 'POST',
    path: maps,
    body: { metadata: { name: 'corpus-reading', labels: { b: '1', a: '2' } } },
  },
  {
    name: 'without a version',
    method: 'PUT',
    path: `${letters}/one`,
    body: { kind: 'Letter', metadata: { name: 'one' } },
  },
  ...versions,
  ...lost,
  ...twice,
  ...yamlTwice,
  ...patches,
  ...shown,
  goes(`${definitions}/letters.reading.corpus`),
  goes(`${maps}/corpus-reading`),
];
