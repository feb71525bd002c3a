/** Keys that every object of JavaScript inherits are keys like any other. Bodies are texts: `__proto__` is no member of a literal. */
import { applyPatch, type CorpusRequest, json, jsonPatch, mergePatch, strategicPatch } from '../corpus-request.ts';

const space = '/api/v1/namespaces/corpus-inherited';
const maps = `${space}/configmaps`;
const things = '/apis/inherited.corpus/v1/namespaces/corpus-inherited/things';
const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
type Method = NonNullable<CorpusRequest['method']>;
const send = (name: string, method: Method, path: string, text: string, headers: object = json): CorpusRequest => ({
  name,
  method,
  path,
  body: text,
  headers: { ...headers },
});
const post = (name: string, path: string, text: string) => send(name, 'POST', path, text);
const goes = (path: string): CorpusRequest => ({ name: `goes: ${path}`, method: 'DELETE', path, ignoresBody: true });
const names = ['constructor', 'toString', 'hasOwnProperty', '__proto__', 'valueOf'];
const members = (value: string, keys = names) => keys.map((key) => `"${key}":${value}`).join(',');
const labelKeys = names.filter((name) => name !== '__proto__');

const configMaps: CorpusRequest[] = [
  post('plain', maps, '{"metadata":{"name":"plain"}}'),
  post(
    'with all',
    maps,
    `{"metadata":{"name":"all","labels":{${members('"a"', labelKeys)}}},"data":{${members('"a"')}}}`,
  ),
  { name: 'what is kept', path: `${maps}/all` },
  post('bad labels', maps, `{"metadata":{"name":"bad","labels":{"__proto__":"a"},"annotations":{"__proto__":"a"}}}`),
  post('labels that are none', maps, `{"metadata":{"name":"bad","labels":{"constructor":7}}}`),
  ...['constructor', '!constructor', 'toString=a', 'toString!=a', 'valueOf in (a,b)', 'valueOf notin (a)'].map(
    (selector): CorpusRequest => ({
      name: `listed by ${selector}`,
      path: `${maps}?labelSelector=${encodeURIComponent(selector)}&fieldSelector=metadata.name!=kube-root-ca.crt`,
    }),
  ),
  { name: 'listed by a field', path: `${maps}?fieldSelector=constructor=a` },
  { name: 'listed by a field of a pod', path: `${space}/pods?fieldSelector=toString=a` },
  send('a label more', 'PATCH', `${maps}/plain`, '{"metadata":{"labels":{"constructor":"a"}}}', mergePatch),
  { name: 'the label', path: `${maps}/plain` },
  send('a label less', 'PATCH', `${maps}/plain`, '{"metadata":{"labels":{"constructor":null}}}', mergePatch),
  send('two labels', 'PATCH', `${maps}/plain`, '{"metadata":{"labels":{"toString":"a","b":"c"}}}', mergePatch),
  send('one of them', 'PATCH', `${maps}/plain`, '{"metadata":{"labels":{"toString":null}}}', mergePatch),
  send('merged', 'PATCH', `${maps}/plain`, `{"data":{${members('"b"')}}}`, mergePatch),
  send('merged away', 'PATCH', `${maps}/plain`, `{"data":{${members('null')}}}`, mergePatch),
  send('patched', 'PATCH', `${maps}/plain`, `{"data":{${members('"b"')}}}`, strategicPatch),
  send('patched away', 'PATCH', `${maps}/plain`, `{"data":{${members('null')}}}`, strategicPatch),
  ...names.map((name) =>
    send(
      `added: ${name}`,
      'PATCH',
      `${maps}/plain`,
      `[{"op":"add","path":"/data","value":{}},{"op":"add","path":"/data/${name}","value":"c"}]`,
      jsonPatch,
    ),
  ),
  ...names.map((name) =>
    send(
      `tested where it is not: ${name}`,
      'PATCH',
      `${maps}/plain`,
      `[{"op":"add","path":"/data","value":{}},{"op":"test","path":"/data/${name}","value":"c"}]`,
      jsonPatch,
    ),
  ),
  send('removed', 'PATCH', `${maps}/plain`, '[{"op":"remove","path":"/data/constructor"}]', jsonPatch),
  send('members of an operation', 'PATCH', `${maps}/plain`, '[{"op":"constructor","path":"/data"}]', jsonPatch),
  send(
    'applied',
    'PATCH',
    `${maps}/applied?fieldManager=alice`,
    `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"applied"},"data":{${members('"a"')}}}`,
    applyPatch,
  ),
  send(
    'applied by another',
    'PATCH',
    `${maps}/applied?fieldManager=bob`,
    `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"applied"},"data":{${members('"b"')}}}`,
    applyPatch,
  ),
  send(
    'applied with less',
    'PATCH',
    `${maps}/applied?fieldManager=alice`,
    '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"applied"},"data":{"constructor":"a"}}',
    applyPatch,
  ),
  send(
    'applied as YAML',
    'PATCH',
    `${maps}/applied?fieldManager=alice`,
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: applied\ndata:\n  __proto__: a\n  toString: b\n',
    applyPatch,
  ),
  post('unknown fields', `${maps}?fieldValidation=Warn`, `{"metadata":{"name":"unknown"},${members('"a"')}}`),
  post('unknown fields, strict', `${maps}?fieldValidation=Strict`, `{"metadata":{"name":"bad"},${members('{}')}}`),
  send('a media type', 'PATCH', `${maps}/plain`, '{}', { 'content-type': 'constructor' }),
];

const gate = '"schedulingGates":[{"name":"corpus.example/one"}]';
const container = (more: string) => `"containers":[{"name":"a","image":"a"${more}}]`;
const pod = (name: string, spec: string) => `{"metadata":{"name":"${name}"},"spec":{${gate},${spec}}}`;
const others: CorpusRequest[] = [
  post('a node selector', `${space}/pods`, pod('chosen', `${container('')},"nodeSelector":{"constructor":"a"}`)),
  post(
    'resources',
    `${space}/pods`,
    pod('bad', container(',"resources":{"limits":{"constructor":1,"__proto__":1},"requests":{"toString":1}}')),
  ),
  post(
    'a limit without a request',
    `${space}/pods`,
    pod('odd', container(',"resources":{"limits":{"x/constructor":1}}')),
  ),
  post(
    'quotas',
    `${space}/resourcequotas`,
    '{"metadata":{"name":"bad"},"spec":{"hard":{"constructor":1,"__proto__":1}}}',
  ),
  post(
    'a selector that misses its labels',
    '/apis/batch/v1/namespaces/corpus-inherited/jobs',
    `{"metadata":{"name":"bad"},"spec":{"suspend":true,"manualSelector":true,"selector":{"matchLabels":{"constructor":"a"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"restartPolicy":"Never",${container('')}}}}}`,
  ),
  post(
    'a selector of a budget',
    '/apis/policy/v1/namespaces/corpus-inherited/poddisruptionbudgets',
    '{"metadata":{"name":"one"},"spec":{"minAvailable":1,"selector":{"matchExpressions":[{"key":"constructor","operator":"Exists"}]}}}',
  ),
  post('a secret', `${space}/secrets`, `{"metadata":{"name":"one"},"stringData":{${members('"a"')}}}`),
  post(
    'a secret with both',
    `${space}/secrets`,
    `{"metadata":{"name":"two"},"data":{${members('"YQ=="')}},"stringData":{${members('"b"')}}}`,
  ),
];

const declared = members('{"type":"string"}', ['constructor', '__proto__']);
const schema = `{"type":"object","properties":{"spec":{"type":"object","required":["constructor"],"properties":{${declared}}},"open":{"type":"object","x-kubernetes-preserve-unknown-fields":true},"filled":{"type":"object","properties":{"toString":{"type":"string","default":"b"},"__proto__":{"type":"string","default":"c"}}},"map":{"type":"object","additionalProperties":{"type":"integer"}}}}`;
const thing = (name: string, more: string) =>
  `{"apiVersion":"inherited.corpus/v1","kind":"Thing","metadata":{"name":"${name}"},${more}}`;
const customs: CorpusRequest[] = [
  post(
    'a definition',
    definitions,
    `{"metadata":{"name":"things.inherited.corpus"},"spec":{"group":"inherited.corpus","scope":"Namespaced","names":{"plural":"things","kind":"Thing"},"versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":${schema}}}]}}`,
  ),
  { name: 'its resource', path: things, until: 200, ignoresBody: true },
  post('without what it must have', things, thing('bad', '"spec":{}')),
  post(
    'a thing with all',
    things,
    thing(
      'all',
      `"spec":{${members('"a"', ['constructor', '__proto__'])}},"open":{${members('{"a":1}')}},"map":{${members('1')}}`,
    ),
  ),
  { name: 'what is kept of it', path: `${things}/all` },
  post('of a wrong type', things, thing('bad', `"spec":{${members('7')}},"map":{${members('"a"')}}`)),
  post('unknown', `${things}?fieldValidation=Warn`, thing('unknown', `"spec":{${members('"a"')}}`)),
  post('filled in', things, thing('filled', '"filled":{}')),
  post('nulls', things, thing('nulls', `"filled":{${members('null')}},"map":{${members('null')}}`)),
  send(
    'merged into it',
    'PATCH',
    `${things}/all`,
    `{"open":{${members('{"b":2}')}},"map":{${members('null')}}}`,
    mergePatch,
  ),
  send(
    'applied to it',
    'PATCH',
    `${things}/all?fieldManager=alice`,
    thing('all', `"open":{${members('{"c":3}')}},"map":{${members('4')}}`),
    applyPatch,
  ),
  send(
    'a default of an unknown field',
    'POST',
    definitions,
    `{"metadata":{"name":"bads.inherited.corpus"},"spec":{"group":"inherited.corpus","scope":"Namespaced","names":{"plural":"bads","kind":"Bad"},"versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","default":{${members('"a"')}},"properties":{"a":{"type":"string"}}}}}}}]}}`,
  ),
  send(
    'list keys and rules',
    'POST',
    definitions,
    `{"metadata":{"name":"bads.inherited.corpus"},"spec":{"group":"inherited.corpus","scope":"Namespaced","names":{"plural":"bads","kind":"Bad"},"versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["constructor"],"items":{"type":"object","properties":{"a":{"type":"string"}}}}}}}}]}}`,
  ),
];

export const inheritedNameRequests: readonly CorpusRequest[] = [
  post('the namespace', '/api/v1/namespaces', '{"metadata":{"name":"corpus-inherited"}}'),
  { name: 'its account', path: `${space}/serviceaccounts/default`, until: 200, ignoresBody: true },
  { name: 'its certificate', path: `${space}/configmaps/kube-root-ca.crt`, until: 200, ignoresBody: true },
  ...configMaps,
  ...others,
  ...customs,
  goes(`${definitions}/things.inherited.corpus`),
  goes(space),
];
