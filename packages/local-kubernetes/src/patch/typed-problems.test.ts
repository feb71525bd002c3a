import { expect, it } from 'vitest';
import { builtInKinds } from '../kinds/built-in.ts';
import type { Schema } from '../schema/schema.ts';
import { typedProblems } from './typed-problems.ts';

const list: Schema = {
  type: 'array',
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['key'],
  items: { type: 'object', properties: { key: { type: 'integer' } } },
};

// The answers of kube-apiserver 1.35.4.
it.each([
  [{ a: 1 }, '[key=a=1].key: expected numeric (int or float), got map[string]interface {}'],
  [[1, 'a'], '[key=[1,"a"]].key: expected numeric (int or float), got []interface {}'],
  ['a"b', '[key="a\\"b"].key: expected numeric (int or float), got string'],
])('names an item by its key %j', (key, problem) => {
  expect(typedProblems([{ key }], list)).toEqual([problem]);
});

it.each([
  ['Pod', { spec: { containers: [{ name: 'main' }, {}] } }, []],
  ['Pod', { spec: { containers: [{}, {}] } }, ['.spec.containers: duplicate entries for key [name=""]']],
  [
    'Service',
    { spec: { ports: [{ PORT: 80 }] } },
    ['.spec.ports[port=0,protocol="TCP"].PORT: field not declared in schema'],
  ],
  [
    'ServiceAccount',
    { secrets: [{}] },
    [
      '.secrets: element 0: associative list with keys has an element that omits all key fields ["name"] (and doesn\'t have default values for any key fields)',
    ],
  ],
])('tells an entry of a %s by the keys that Go writes though nobody says them: %j', (kind, object, problems) => {
  const { schema } = builtInKinds.find((each) => each.kind === kind)!;
  expect(typedProblems(object, schema)).toEqual(problems);
});
