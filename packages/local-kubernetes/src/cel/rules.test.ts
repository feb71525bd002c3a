import { describe, expect, it } from 'vitest';
import { fieldErrorText } from '../schema/field-error.ts';
import type { JsonObject, Schema, ValidationRule } from '../schema/schema.ts';
import { validateRules } from './validate-rules.ts';

const schemaWith = (rules: (string | ValidationRule)[], spec: Schema = {}): Schema => ({
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        size: { type: 'integer' },
        max: { type: 'integer' },
        ratio: { type: 'number' },
        name: { type: 'string' },
        list: { type: 'array', items: { type: 'string' }, maxItems: 100 },
        numbers: { type: 'array', items: { type: 'integer' } },
        map: { type: 'object', additionalProperties: { type: 'string' } },
        when: { type: 'string', format: 'date-time' },
        wait: { type: 'string', format: 'duration' },
        port: { 'x-kubernetes-int-or-string': true },
        'odd-name.x': { type: 'string' },
        namespace: { type: 'string' },
        inner: { type: 'object', properties: { a: { type: 'string' }, b: { type: 'string' } } },
        parts: {
          type: 'array',
          items: { type: 'object', properties: { name: { type: 'string' }, n: { type: 'integer' } } },
        },
      },
      'x-kubernetes-validations': rules.map((rule) => (typeof rule === 'string' ? { rule } : rule)),
      ...spec,
    },
  },
});

const run = (rules: (string | ValidationRule)[], spec: JsonObject, old?: JsonObject) =>
  validateRules(
    { metadata: { name: 'x' }, spec },
    old && { metadata: { name: 'x' }, spec: old },
    schemaWith(rules),
  ).map(fieldErrorText);

const full: JsonObject = {
  size: 3,
  max: 5,
  ratio: 1.5,
  name: 'abc',
  list: ['a', 'b', 'c'],
  numbers: [1, 2, 3],
  map: { k: 'v' },
  when: '2026-01-02T03:04:05Z',
  wait: '90s',
  port: 80,
  'odd-name.x': 'o',
  namespace: 'n',
  inner: { a: '1' },
  parts: [
    { name: 'p', n: 1 },
    { name: 'q', n: 2 },
  ],
};

describe('rules that hold', () => {
  it.each([
    'self.size <= self.max',
    'self.ratio > 1.0',
    'self.size == 3 && self.max == 5',
    'has(self.inner.a) && !has(self.inner.b)',
    '!has(self.inner.b) || self.inner.b == "x"',
    'self.list.all(x, x.size() == 1)',
    'self.list.exists(x, x == "b") && self.list.exists_one(x, x == "b")',
    'self.list.map(x, x + "!") == ["a!", "b!", "c!"]',
    'self.parts.filter(p, p.n > 1).size() == 1',
    'self.parts.all(p, self.parts.exists_one(q, q.name == p.name))',
    '"k" in self.map && self.map["k"] == "v" && self.map.k == "v"',
    'self.map.all(k, k.startsWith("k"))',
    'self.when > timestamp("2020-01-01T00:00:00Z")',
    'self.wait > duration("1m")',
    'type(self.port) == int ? self.port < 100 : self.port == "x"',
    'self.odd__dash__name__dot__x == "o"',
    'self.__namespace__ == "n"',
    'self.inner == self.inner && self.parts == self.parts',
    'self.list.isSorted() && self.numbers.isSorted()',
    'self.numbers.sum() == 6 && self.numbers.min() == 1 && self.numbers.max() == 3',
    'self.list.indexOf("b") == 1 && self.list.lastIndexOf("z") == -1',
    'self.name.matches("^[a-c]+$") && self.name.find("b.") == "bc" && self.name.findAll("[ab]").size() == 2',
    'self.name.upperAscii() == "ABC" && self.name.charAt(1) == "b" && self.name.substring(1) == "bc"',
    'self.name.replace("a", "x") == "xbc" && "a,b".split(",").size() == 2 && " a ".trim() == "a"',
    '"%s is %d".format([self.name, self.size]) == "abc is 3"',
    'quantity("1Gi").isGreaterThan(quantity("500Mi")) && isQuantity("1") && !isQuantity("x")',
    'quantity("1500m").add(quantity("500m")).compareTo(quantity("2")) == 0 && quantity("2").asInteger() == 2',
    'url("https://h:80/p?q=1").getHost() == "h:80" && isURL("/x") && !isURL("x y")',
    'ip("10.0.0.1").family() == 4 && isIP("::1") && !isIP("x") && ip("127.0.0.1").isLoopback()',
    'cidr("10.0.0.0/8").containsIP("10.1.2.3") && !cidr("10.0.0.0/8").containsIP(ip("11.0.0.1")) && isCIDR("::/0")',
    'cidr("10.0.0.0/8").containsCIDR("10.1.0.0/16") && cidr("10.0.0.0/8").prefixLength() == 8',
    'sets.contains(self.list, ["a"]) && sets.intersects([1], [1, 2]) && sets.equivalent(["a", "a"], ["a"])',
    'self.?inner.?b.orValue("z") == "z" && !self.inner.?b.hasValue()',
    'cel.bind(x, self.size, x + x == 6)',
    'double(self.size) == 3.0 && int(self.ratio) == 1 && string(self.size) == "3"',
    'self.list + ["d"] == ["a", "b", "c", "d"]',
  ])('%s', (rule) => expect(run([rule], full)).toEqual([]));
});

describe('rules that fail', () => {
  it.each<[string | ValidationRule, string]>([
    ['self.size > 5', 'spec: Invalid value: failed rule: self.size > 5'],
    [{ rule: 'self.size > 5', message: ' too small ' }, 'spec: Invalid value: too small'],
    [{ rule: 'self.size > 5', messageExpression: '"size is " + string(self.size)' }, 'spec: Invalid value: size is 3'],
    [{ rule: 'self.size > 5', message: 'm', messageExpression: 'self.inner.b' }, 'spec: Invalid value: m'],
    [
      { rule: 'self.size > 5', message: 'm', reason: 'FieldValueForbidden', fieldPath: '.size' },
      'spec.size: Forbidden: m',
    ],
    [
      { rule: 'self.size > 5', message: 'm', reason: 'FieldValueRequired', fieldPath: '.other' },
      'spec.other: Required value: m',
    ],
    ['self.inner.b == "x"', 'spec: Invalid value: "object": no such key: b evaluating rule: self.inner.b == "x"'],
    [
      'self.list[7] == "x"',
      'spec: Invalid value: "object": index out of bounds: 7 evaluating rule: self.list[7] == "x"',
    ],
    [
      '1 / (self.size - 3) == 1',
      'spec: Invalid value: "object": division by zero evaluating rule: 1 / (self.size - 3) == 1',
    ],
  ])('%j', (rule, wanted) => expect(run([rule], full)).toEqual([wanted]));

  it('shows the value of a scalar', () => {
    const schema: Schema = {
      type: 'object',
      properties: { a: { type: 'string', 'x-kubernetes-validations': [{ rule: 'self == "x"', message: 'no' }] } },
    };
    expect(validateRules({ a: 'b' }, undefined, schema).map(fieldErrorText)).toEqual(['a: Invalid value: "b": no']);
  });

  it('reads the name of the whole object', () => {
    const schema: Schema = {
      type: 'object',
      properties: {},
      'x-kubernetes-validations': [{ rule: "self.metadata.name.startsWith('w')", message: 'no w' }],
    };
    const errors = validateRules({ apiVersion: 'a', kind: 'b', metadata: { name: 'x' } }, undefined, schema);
    expect(errors.map(fieldErrorText)).toEqual(['<nil>: Invalid value: no w']);
  });
});

describe('transition rules', () => {
  it('are skipped at creation', () => expect(run(['self.size == oldSelf.size'], { size: 1 })).toEqual([]));
  it('compare with what is stored', () => {
    expect(run(['self.size >= oldSelf.size'], { size: 1 }, { size: 2 })).toHaveLength(1);
    expect(run(['self.size >= oldSelf.size'], { size: 3 }, { size: 2 })).toEqual([]);
  });
  it('run at creation too when oldSelf is optional', () => {
    const rule = { rule: '!oldSelf.hasValue() || self.size >= oldSelf.value().size', optionalOldSelf: true };
    expect(run([rule], { size: 1 })).toEqual([]);
    expect(run([rule], { size: 1 }, { size: 2 })).toHaveLength(1);
  });
  it('let a broken rule be while its part does not change', () => {
    expect(run(['self.size > 5'], { size: 1 }, { size: 1 })).toEqual([]);
    expect(run(['self.size > 5'], { size: 1, name: 'x' }, { size: 1 })).toHaveLength(1);
  });
  it('find items of a list map by their keys', () => {
    const schema: Schema = {
      type: 'object',
      properties: {
        parts: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
          items: {
            type: 'object',
            properties: {
              name: { type: 'string' },
              n: { type: 'integer', 'x-kubernetes-validations': [{ rule: 'self >= oldSelf', message: 'shrinks' }] },
            },
          },
        },
      },
    };
    const parts = (x: number, y: number) => ({
      parts: [
        { name: 'x', n: x },
        { name: 'y', n: y },
      ],
    });
    const swapped = { parts: [...parts(1, 2).parts].reverse() };
    expect(validateRules(swapped, parts(1, 2), schema)).toEqual([]);
    expect(validateRules(parts(1, 1), swapped, schema).map(fieldErrorText)).toEqual([
      'parts[1].n: Invalid value: 1: shrinks',
    ]);
  });
});

it('refuses to run a rule that would cost too much', () => {
  const list = Array.from({ length: 1000 }, (_, index) => `${index}`);
  const rule = 'self.list.all(a, self.list.all(b, self.list.all(c, a + b + c != "x")))';
  const [error] = run([rule], { list });
  expect(error).toContain("'operation cancelled: actual cost limit exceeded'");
});
