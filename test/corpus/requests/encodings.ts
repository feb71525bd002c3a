import type { CorpusRequest } from '../corpus-request.ts';
import { field, type Message, unknown } from '../protobuf.ts';

const namespace = 'corpus-encodings';
const maps = `/api/v1/namespaces/${namespace}/configmaps`;
const jobs = `/apis/batch/v1/namespaces/${namespace}/jobs`;
const protobuf = { 'content-type': 'application/vnd.kubernetes.protobuf' };
const send = (name: string, path: string, body: Uint8Array, headers: Record<string, string> = {}): CorpusRequest => ({
  name,
  method: 'POST',
  path,
  body,
  headers: { ...protobuf, ...headers },
});
const named = (name: string): Message => field(1, field(1, name));
const configMap = (name: string) => [named(name), field(2, [field(1, 'key'), field(2, 'value')])];
const container = [field(1, 'main'), field(2, 'image'), field(3, 'sh'), field(3, '-c')];
const job = (name: string, count: number, mode: string) => [
  named(name),
  field(2, [
    field(1, count),
    field(2, count),
    field(6, [field(2, [field(2, container), field(3, 'Never')])]),
    field(9, mode),
    field(10, true),
  ]),
];

/** Bodies as protobuf, as yaml, compressed; answers as protobuf. */
export const encodingRequests: readonly CorpusRequest[] = [
  {
    name: 'a namespace',
    method: 'POST',
    path: '/api/v1/namespaces',
    headers: protobuf,
    body: unknown('v1', 'Namespace', [named(namespace)]),
  },
  {
    name: 'its account',
    path: `/api/v1/namespaces/${namespace}/serviceaccounts/default`,
    until: 200,
    ignoresBody: true,
  },
  send('a map', maps, unknown('v1', 'ConfigMap', configMap('one'))),
  send('the map again', maps, unknown('v1', 'ConfigMap', configMap('one'))),
  send('a map with a bad name', maps, unknown('v1', 'ConfigMap', configMap('A_b'))),
  send('another kind', maps, unknown('v1', 'Secret', configMap('two'))),
  send('a job', jobs, unknown('batch/v1', 'Job', job('one', 2, 'Indexed'))),
  send('a job that is not right', jobs, unknown('batch/v1', 'Job', job('two', 2, 'Odd'))),
  send(
    'an unknown field, strict',
    `${maps}?fieldValidation=Strict`,
    unknown('v1', 'ConfigMap', [...configMap('two'), field(99, 'odd')]),
  ),
  send('no prefix', maps, Buffer.from('{}')),
  send('nothing', maps, Buffer.alloc(0)),
  send(
    'an eviction of nobody',
    `/api/v1/namespaces/${namespace}/pods/nobody/eviction`,
    unknown('policy/v1', 'Eviction', [named('nobody')]),
  ),
  {
    name: 'options to delete by',
    method: 'DELETE',
    path: `${maps}/one`,
    headers: protobuf,
    body: unknown('v1', 'DeleteOptions', [field(5, 'All')]),
  },
  { name: 'the map is still there', path: `${maps}/one` },
  {
    name: 'as protobuf',
    path: `${maps}/one`,
    headers: { accept: 'application/vnd.kubernetes.protobuf,application/json' },
    ignoresBody: true,
  },
  {
    name: 'a map in yaml',
    method: 'POST',
    path: maps,
    headers: { 'content-type': 'application/yaml' },
    body: 'metadata: {name: three}\ndata: {a: "1"}\n',
  },
  {
    name: 'two maps in yaml',
    method: 'POST',
    path: maps,
    headers: { 'content-type': 'application/yaml' },
    body: 'metadata: {name: four}\n---\nmetadata: {name: five}\n',
  },
  { name: 'no yaml', method: 'POST', path: maps, headers: { 'content-type': 'application/yaml' }, body: 'a: [' },
  {
    name: 'yaml with a number for a text',
    method: 'POST',
    path: maps,
    headers: { 'content-type': 'application/yaml' },
    body: 'metadata: {name: six}\ndata: {a: 1}\n',
  },
  {
    name: 'json with a charset',
    method: 'POST',
    path: maps,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: '{"metadata":{"name":"seven"}}',
  },
  {
    name: 'no type at all',
    method: 'POST',
    path: maps,
    headers: { 'content-type': '' },
    body: '{"metadata":{"name":"eight"}}',
  },
  {
    name: 'a type that is none',
    method: 'POST',
    path: maps,
    headers: { 'content-type': ';;' },
    body: '{"metadata":{"name":"nine"}}',
  },
  { name: 'cbor', method: 'POST', path: maps, headers: { 'content-type': 'application/cbor' }, body: '{}' },
  {
    name: 'text that is no utf-8',
    method: 'POST',
    path: maps,
    body: Buffer.from(
      '7b226d65746164617461223a7b226e616d65223a2274656e227d2c2264617461223a7b2261223a22ff227d7d',
      'hex',
    ),
    headers: { 'content-type': 'application/json' },
  },
  {
    name: 'json and more',
    method: 'POST',
    path: maps,
    body: '{"metadata":{"name":"eleven"}} x',
    headers: { 'content-type': 'application/json' },
  },
  {
    name: 'names in other letters',
    method: 'POST',
    path: `${maps}?fieldValidation=Strict`,
    body: '{"Metadata":{"name":"twelve"}}',
    headers: { 'content-type': 'application/json' },
  },
  {
    name: 'deep json',
    method: 'POST',
    path: maps,
    body: `${'['.repeat(20000)}${']'.repeat(20000)}`,
    headers: { 'content-type': 'application/json' },
  },
  { name: 'the namespace goes', method: 'DELETE', path: `/api/v1/namespaces/${namespace}`, ignoresBody: true },
  { name: 'it is gone', path: `/api/v1/namespaces/${namespace}`, until: 404 },
];
