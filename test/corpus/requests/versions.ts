import { applyPatch, type CorpusRequest, jsonPatch, mergePatch, table } from '../corpus-request.ts';

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
/** What is wrong with a definition is told without making it. */
const dry = `${definitions}?dryRun=All`;
const group = 'versions.example.com';
const namespace = 'corpus-versions';
const gadgets = (version = 'v1') => `/apis/${group}/${version}/namespaces/${namespace}/gadgets`;
const realms = `/apis/${group}/v1/realms`;
const post = (name: string, path: string, body: unknown): CorpusRequest => ({ name, method: 'POST', path, body });
const change = (name: string, path: string, body: unknown): CorpusRequest => ({
  name,
  method: 'PATCH',
  path,
  headers: mergePatch,
  body,
});
const apply = (name: string, thing: string, manager: string, spec: object): CorpusRequest => ({
  name,
  method: 'PATCH',
  path: `${gadgets()}/${thing}?fieldManager=${manager}`,
  headers: applyPatch,
  body: { apiVersion: `${group}/v1`, kind: 'Gadget', metadata: { name: thing }, spec },
});
const text = { type: 'string' };
const number = { type: 'integer' };

const spec = {
  type: 'object',
  properties: {
    /** Defaults, deep and shallow. */
    level: { ...number, default: 3 },
    deep: {
      type: 'object',
      default: {},
      properties: { size: { ...number, default: 7 }, on: { type: 'boolean', default: true } },
    },
    undefaulted: { type: 'object', properties: { size: { ...number, default: 7 } } },
    nothing: { ...text, nullable: true },
    nothingByDefault: { ...text, nullable: true, default: 'some' },
    /** Formats and bounds. */
    when: { ...text, format: 'date-time' },
    day: { ...text, format: 'date' },
    long: { ...text, format: 'duration' },
    mail: { ...text, format: 'email' },
    where: { ...text, format: 'uri' },
    host: { ...text, format: 'hostname' },
    address: { ...text, format: 'ipv4' },
    six: { ...text, format: 'ipv6' },
    net: { ...text, format: 'cidr' },
    id: { ...text, format: 'uuid' },
    bytes: { ...text, format: 'byte' },
    secret: { ...text, format: 'password' },
    small: { ...number, format: 'int32' },
    real: { type: 'number', minimum: 0, exclusiveMinimum: true, maximum: 1, exclusiveMaximum: true },
    even: { ...number, multipleOf: 2 },
    short: { ...text, minLength: 2, maxLength: 4 },
    few: { type: 'array', minItems: 1, maxItems: 2, items: number },
    unique: { type: 'array', 'x-kubernetes-list-type': 'set', items: number },
    atoms: { type: 'array', 'x-kubernetes-list-type': 'atomic', items: text },
    ports: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['port', 'protocol'],
      items: {
        type: 'object',
        required: ['port'],
        properties: { port: number, protocol: { ...text, default: 'TCP' }, note: text },
      },
    },
    whole: { type: 'object', 'x-kubernetes-map-type': 'atomic', properties: { a: text, b: text } },
    some: { type: 'object', minProperties: 1, maxProperties: 2, additionalProperties: number },
    either: { type: 'object', properties: { a: text, b: text }, oneOf: [{ required: ['a'] }, { required: ['b'] }] },
    any: { type: 'object', properties: { a: text, b: text }, anyOf: [{ required: ['a'] }, { required: ['b'] }] },
    all: { type: 'object', properties: { a: text, b: text }, allOf: [{ required: ['a'] }, { required: ['b'] }] },
    not: { type: 'object', properties: { a: text }, not: { required: ['a'] } },
    port: { 'x-kubernetes-int-or-string': true },
    open: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: { known: number } },
    pod: { type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true },
    choice: { ...text, enum: ['a', 'b'] },
    /** Rules. */
    counter: { ...number, 'x-kubernetes-validations': [{ rule: 'self >= oldSelf', message: 'counter only grows' }] },
    once: {
      ...text,
      maxLength: 20,
      'x-kubernetes-validations': [
        {
          rule: 'oldSelf.hasValue() ? self == oldSelf.value() : true',
          optionalOldSelf: true,
          messageExpression: "'once is ' + self",
        },
      ],
    },
    minimum: number,
    maximum: number,
    words: {
      type: 'array',
      maxItems: 10,
      items: { ...text, maxLength: 20 },
      'x-kubernetes-validations': [
        { rule: 'self.all(word, word.size() > 0)', message: 'words are not empty', reason: 'FieldValueRequired' },
        { rule: 'self.isSorted()', message: 'words stand in order', reason: 'FieldValueForbidden' },
      ],
    },
    quantity: {
      ...text,
      maxLength: 20,
      'x-kubernetes-validations': [{ rule: 'isQuantity(self) && quantity(self).isGreaterThan(quantity("1Mi"))' }],
    },
    link: {
      ...text,
      maxLength: 100,
      'x-kubernetes-validations': [{ rule: 'isURL(self) && url(self).getScheme() == "https"' }],
    },
    range: {
      type: 'object',
      properties: { from: number, to: number },
      'x-kubernetes-validations': [
        {
          rule: 'self.from <= self.to',
          fieldPath: '.to',
          messageExpression: "'to is below from'",
          reason: 'FieldValueInvalid',
        },
      ],
    },
  },
  'x-kubernetes-validations': [
    {
      rule: '!has(self.minimum) || !has(self.maximum) || self.minimum <= self.maximum',
      message: 'minimum is above maximum',
    },
    { rule: 'has(self.once) || !has(oldSelf.once)', message: 'once set, it stays' },
  ],
};
const version = (name: string, rest: object = {}) => ({
  name,
  served: true,
  storage: false,
  schema: {
    openAPIV3Schema: {
      type: 'object',
      properties: { spec, status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
    },
  },
  ...rest,
});
/** Without what all versions share the real server would not take fields to select for one of them. */
const olderSchema = { schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } } };
const definition = (plural: string, kind: string, rest: object = {}) => ({
  metadata: { name: `${plural}.${group}` },
  spec: { group, scope: 'Namespaced', names: { plural, kind }, ...rest },
});
const one = (schema: object) => ({
  versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
});
const badSchema = (why: string, properties: object, rest: object = {}) =>
  post(
    `bad schema: ${why}`,
    dry,
    definition(
      'things',
      'Thing',
      one({ type: 'object', properties: { spec: { type: 'object', properties } }, ...rest }),
    ),
  );
const badNames = (why: string, names: object, rest: object = {}) =>
  post(
    `bad names: ${why}`,
    dry,
    definition('things', 'Thing', {
      ...one({ type: 'object' }),
      ...rest,
      names: { plural: 'things', kind: 'Thing', ...names },
    }),
  );
const badVersion = (why: string, rest: object) =>
  post(
    `bad version: ${why}`,
    dry,
    definition('things', 'Thing', {
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } }, ...rest }],
    }),
  );
const rule = (...rules: object[]) => ({ a: { ...text, 'x-kubernetes-validations': rules } });
const gadget = (name: string, body: object, rest: object = {}) => ({
  apiVersion: `${group}/v1`,
  kind: 'Gadget',
  metadata: { name, ...rest },
  spec: body,
});
const good = (name: string, body: object) => post(`good: ${name}`, gadgets(), gadget(name, body));
const bad = (why: string, body: object) => post(`bad: ${why}`, gadgets(), gadget('bad', body));

/** Custom resources in depth: many versions, every word of a schema, rules, lists and maps of each type. */
export const versionRequests: readonly CorpusRequest[] = [
  post('a namespace', '/api/v1/namespaces', { metadata: { name: namespace } }),
  badSchema('a type that is none', { a: { type: 'texts' } }),
  badSchema('an array without items', { a: { type: 'array' } }),
  badSchema('a list of lists', { a: { type: 'array', items: [{ type: 'string' }] } }),
  badSchema('a reference', { a: { type: 'object', $ref: '#/x' } }),
  badSchema('a definition', { a: { type: 'object', definitions: {} } }),
  badSchema('unique items', { a: { type: 'array', uniqueItems: true, items: text } }),
  badSchema('both kinds of properties', { a: { type: 'object', properties: { b: text }, additionalProperties: text } }),
  badSchema('properties forbidden', { a: { type: 'object', additionalProperties: false } }),
  badSchema('a set of objects', { a: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'object' } } }),
  badSchema('a list type of a text', { a: { ...text, 'x-kubernetes-list-type': 'set' } }),
  badSchema('a list type that is none', { a: { type: 'array', items: text, 'x-kubernetes-list-type': 'odd' } }),
  badSchema('a map type that is none', { a: { type: 'object', 'x-kubernetes-map-type': 'odd' } }),
  badSchema('a key that is not there', {
    a: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['k'],
      items: { type: 'object', properties: { b: text } },
    },
  }),
  badSchema('a key that may be absent', {
    a: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['k'],
      items: { type: 'object', properties: { k: text } },
    },
  }),
  badSchema('a key that is no scalar', {
    a: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['k'],
      items: { type: 'object', required: ['k'], properties: { k: { type: 'object' } } },
    },
  }),
  badSchema('int or string with a type', { a: { ...text, 'x-kubernetes-int-or-string': true } }),
  badSchema('an embedded text', { a: { ...text, 'x-kubernetes-embedded-resource': true } }),
  badSchema('an embedded object of nothing', { a: { type: 'object', 'x-kubernetes-embedded-resource': true } }),
  badSchema('unknown fields lost', { a: { type: 'object', 'x-kubernetes-preserve-unknown-fields': false } }),
  badSchema('a default below the minimum', { a: { ...number, minimum: 5, default: 1 } }),
  badSchema('a default of a nullable', { a: { ...text, nullable: true, default: null } }),
  badSchema('a default of null', { a: { ...text, default: null } }),
  badSchema('a default that would be pruned', { a: { type: 'object', default: { b: 1 } } }),
  badSchema('an enum that does not fit', { a: { ...text, enum: [1] } }),
  badSchema('bounds that cross', { a: { ...number, minimum: 5, maximum: 1 } }),
  badSchema('lengths below zero', { a: { ...text, minLength: -1 } }),
  badSchema('defaults inside not', { a: { type: 'object', not: { default: 1 } } }),
  badSchema('nullable inside anyOf', { a: { type: 'object', anyOf: [{ nullable: true }] } }),
  badSchema(
    'metadata restricted',
    {},
    { properties: { metadata: { type: 'object', properties: { labels: { type: 'object' } } } } },
  ),
  badSchema(
    'metadata by name',
    {},
    { properties: { metadata: { type: 'object', properties: { name: { ...text, pattern: '^a' } } } } },
  ),
  badSchema('rule: a text where a truth is', rule({ rule: '"a"' })),
  badSchema('rule: an unknown name', rule({ rule: 'that == self' })),
  badSchema('rule: an unknown function', rule({ rule: 'self.jump()' })),
  badSchema('rule: types that do not compare', rule({ rule: 'self == 1' })),
  badSchema('rule: a message of two lines', rule({ rule: 'true', message: 'a\nb' })),
  badSchema('rule: an empty message', rule({ rule: 'true', message: ' ' })),
  badSchema('rule: lines without a message', rule({ rule: 'true\n&& true' })),
  badSchema('rule: a message that is no text', rule({ rule: 'true', messageExpression: '1' })),
  badSchema('rule: a reason', rule({ rule: 'true', reason: 'Odd' })),
  badSchema('rule: a path', rule({ rule: 'true', fieldPath: '.b' })),
  badSchema('rule: a path that is none', rule({ rule: 'true', fieldPath: 'b' })),
  badSchema('rule: old without a state before', {
    a: { type: 'array', items: { ...text, 'x-kubernetes-validations': [{ rule: 'self == oldSelf' }] } },
  }),
  badSchema('rule: an optional old that is not used', rule({ rule: 'self == "a"', optionalOldSelf: true })),
  badSchema('rule: too dear', {
    a: {
      type: 'array',
      items: { type: 'array', items: text },
      'x-kubernetes-validations': [{ rule: 'self.all(x, x.all(y, self.all(z, z.all(w, w == y))))' }],
    },
  }),
  badNames('plural', { plural: 'Things' }),
  badNames('kind', { kind: '1thing' }),
  badNames('singular', { singular: 'A_b' }),
  badNames('short', { shortNames: ['A'] }),
  badNames('category', { categories: ['A'] }),
  badNames('the list is the kind', { listKind: 'Thing' }),
  badNames('a group without a dot', {}, { group: 'plain' }),
  badNames('no group', {}, { group: '' }),
  badVersion('a name', { name: 'V1' }),
  badVersion('a column without a path', { additionalPrinterColumns: [{ name: 'A', type: 'string', jsonPath: '' }] }),
  badVersion('a column of a type', { additionalPrinterColumns: [{ name: 'A', type: 'odd', jsonPath: '.a' }] }),
  badVersion('a column of a format', {
    additionalPrinterColumns: [{ name: 'A', type: 'string', format: 'odd', jsonPath: '.a' }],
  }),
  badVersion('a column by a path that is none', {
    additionalPrinterColumns: [{ name: 'A', type: 'string', jsonPath: 'a' }],
  }),
  badVersion('a scale without paths', { subresources: { scale: {} } }),
  badVersion('a scale outside', {
    subresources: {
      scale: { specReplicasPath: '.status.a', statusReplicasPath: '.spec.b', labelSelectorPath: '.metadata.c' },
    },
  }),
  badVersion('a scale of an index', {
    subresources: { scale: { specReplicasPath: '.spec.a[0]', statusReplicasPath: '.status.a' } },
  }),
  badVersion('a warning without its cause', { deprecationWarning: 'gone' }),
  badVersion('fields to select', {
    selectableFields: [{ jsonPath: '.spec.nothing' }, { jsonPath: 'spec' }, { jsonPath: '.metadata.name' }],
  }),
  badVersion('not served', { served: false }),
  post(
    'bad: a webhook without its data',
    dry,
    definition('things', 'Thing', { ...one({ type: 'object' }), conversion: { strategy: 'Webhook' } }),
  ),
  post(
    'bad: an unknown conversion',
    dry,
    definition('things', 'Thing', { ...one({ type: 'object' }), conversion: { strategy: 'Odd' } }),
  ),
  post(
    'bad: unknown fields kept',
    dry,
    definition('things', 'Thing', { ...one({ type: 'object' }), preserveUnknownFields: true }),
  ),
  post(
    'gadgets',
    definitions,
    definition('gadgets', 'Gadget', {
      versions: [
        version('v1', {
          storage: true,
          subresources: { status: {}, scale: { specReplicasPath: '.spec.level', statusReplicasPath: '.status.level' } },
          selectableFields: [{ jsonPath: '.spec.choice' }, { jsonPath: '.spec.level' }],
          additionalPrinterColumns: [
            { name: 'Level', type: 'integer', jsonPath: '.spec.level' },
            { name: 'When', type: 'date', jsonPath: '.spec.when' },
            { name: 'Words', type: 'string', jsonPath: '.spec.words[*]', priority: 1 },
            { name: 'On', type: 'boolean', jsonPath: '.spec.deep.on' },
            { name: 'Real', type: 'number', jsonPath: '.spec.real', format: 'double' },
          ],
        }),
        version('v1beta1', { deprecated: true }),
        version('v1alpha1', {
          ...olderSchema,
          deprecated: true,
          deprecationWarning: 'gadgets of old go away',
          served: true,
        }),
        version('v2', { served: false }),
      ],
    }),
  ),
  { name: 'they are served', path: gadgets(), until: 200 },
  { name: 'their group', path: `/apis/${group}` },
  { name: 'their oldest version', path: `/apis/${group}/v1alpha1` },
  { name: 'a version that is not served', path: gadgets('v2') },
  { name: 'a version that warns', path: gadgets('v1beta1') },
  { name: 'a version that warns in its own words', path: gadgets('v1alpha1') },
  good('empty', {}),
  good('defaults', { undefaulted: {}, deep: { on: false }, nothing: null, nothingByDefault: null }),
  good('formats', {
    when: '2026-01-01T00:00:00Z',
    day: '2026-01-01',
    long: '1h',
    mail: 'a@example.com',
    where: 'https://example.com/a',
    host: 'a.example.com',
    address: '10.1.2.3',
    six: '::1',
    net: '10.0.0.0/8',
    id: '123e4567-e89b-12d3-a456-426614174000',
    bytes: 'YQ==',
    secret: 'x',
    small: 7,
    real: 0.5,
    even: 4,
    short: 'abc',
    few: [1],
    unique: [1, 2],
  }),
  good('lists', {
    atoms: ['b', 'a', 'b'],
    ports: [{ port: 80 }, { port: 80, protocol: 'UDP', note: 'n' }],
    some: { a: 1 },
  }),
  good('kept', {
    open: { known: 1, other: { deep: [1, null] } },
    pod: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x', odd: 1 }, spec: { a: 1 } },
  }),
  bad('a time', { when: 'yesterday' }),
  bad('a day', { day: '2026-13-01' }),
  bad('a duration', { long: 'long' }),
  bad('a mail', { mail: 'nobody' }),
  bad('a uri', { where: ':' }),
  bad('a host', { host: 'a b' }),
  bad('an address', { address: '300.1.1.1' }),
  bad('an address of six', { six: '10.1.1.1' }),
  bad('a net', { net: '10.0.0.0' }),
  bad('an id', { id: 'x' }),
  bad('bytes', { bytes: '%' }),
  bad('a small number', { small: 3000000000 }),
  bad('a real at its bounds', { real: 0 }),
  bad('a real above', { real: 1 }),
  bad('odd', { even: 3 }),
  bad('short', { short: 'a' }),
  bad('long', { short: 'abcde' }),
  bad('too few', { few: [] }),
  bad('too many', { few: [1, 2, 3] }),
  bad('twice in a set', { unique: [1, 2, 1, 2] }),
  bad('twice by its keys', { ports: [{ port: 80 }, { port: 80, protocol: 'TCP' }] }),
  bad('no key', { ports: [{ protocol: 'TCP' }] }),
  bad('no properties', { some: {} }),
  bad('too many properties', { some: { a: 1, b: 2, c: 3 } }),
  bad('a property of a type', { some: { a: 'x' } }),
  bad('one of: both', { either: { a: 'x', b: 'y' } }),
  bad('one of: none', { either: {} }),
  bad('any of: none', { any: {} }),
  bad('all of: one', { all: { a: 'x' } }),
  bad('not', { not: { a: 'x' } }),
  bad('int or string', { port: 1.5 }),
  bad('int or string: a truth', { port: true }),
  bad('an open object that is none', { open: 'x' }),
  bad('a known field of an open object', { open: { known: 'x' } }),
  bad('an embedded object without a kind', { pod: { metadata: { name: 'x' } } }),
  bad('an embedded object with bad metadata', {
    pod: { apiVersion: 'v1', kind: 'Pod', metadata: { labels: { a: 1 } } },
  }),
  bad('a choice', { choice: 'c' }),
  bad('a choice of a type', { choice: 1 }),
  bad('null', { level: null, choice: null, deep: null }),
  bad('a rule', { minimum: 2, maximum: 1 }),
  bad('a rule with a reason', { words: ['a', ''] }),
  bad('a rule about order', { words: ['b', 'a'] }),
  bad('a quantity', { quantity: 'x' }),
  bad('a small quantity', { quantity: '1k' }),
  bad('a link', { link: 'http://example.com' }),
  bad('a link that is none', { link: '%' }),
  bad('a rule that names a field', { range: { from: 3, to: 1 } }),
  bad('a rule that cannot tell', { range: { from: 3 } }),
  bad('a schema error and a rule', { minimum: 2, maximum: 1, level: 'x' }),
  good('changing', { counter: 5, once: 'a', whole: { a: '1' }, level: 4, choice: 'a' }),
  change('a counter grows', `${gadgets()}/changing`, { spec: { counter: 6 } }),
  change('a counter shrinks', `${gadgets()}/changing`, { spec: { counter: 4 } }),
  change('a counter goes', `${gadgets()}/changing`, { spec: { counter: null } }),
  change('a counter begins anew', `${gadgets()}/changing`, { spec: { counter: 1 } }),
  change('once changes', `${gadgets()}/changing`, { spec: { once: 'b' } }),
  change('once goes', `${gadgets()}/changing`, { spec: { once: null } }),
  change('unknown fields go', `${gadgets()}/changing`, { spec: { unknown: 1, deep: { unknown: 2 } } }),
  {
    ...change('unknown fields, strict', `${gadgets()}/changing?fieldValidation=Strict`, {
      spec: { unknown: 1, deep: { unknown: 2 } },
    }),
  },
  {
    name: 'the same field twice, strict',
    method: 'POST',
    path: `${gadgets()}?fieldValidation=Strict`,
    body: `{"apiVersion":"${group}/v1","kind":"Gadget","metadata":{"name":"twice"},"spec":{"level":1,"level":2}}`,
    headers: { 'content-type': 'application/json' },
  },
  {
    name: 'json into it',
    method: 'PATCH',
    path: `${gadgets()}/changing`,
    headers: jsonPatch,
    body: [{ op: 'add', path: '/spec/words', value: ['a', 'b'] }],
  },
  change('status', `${gadgets()}/changing/status`, { status: { level: 2, any: { thing: [1] } } }),
  { name: 'by choice', path: `${gadgets()}?fieldSelector=spec.choice%3Da` },
  { name: 'by level', path: `${gadgets()}?fieldSelector=spec.level%3D4&limit=5` },
  { name: 'by another level', path: `${gadgets()}?fieldSelector=spec.level!%3D3` },
  { name: 'by a field that does not select', path: `${gadgets()}?fieldSelector=spec.once%3Da` },
  { name: 'by choice, in a version that has none', path: `${gadgets('v1beta1')}?fieldSelector=spec.choice%3Da` },
  { name: 'in the oldest version', path: `${gadgets('v1alpha1')}/changing` },
  {
    name: 'as a table',
    path: `${gadgets()}?fieldSelector=metadata.name%3Dchanging&includeObject=None`,
    headers: table,
  },
  { name: 'as a table of the oldest', path: `${gadgets('v1alpha1')}?limit=1&includeObject=None`, headers: table },
  { name: 'scale', path: `${gadgets()}/changing/scale` },
  { name: 'no scale of the oldest', path: `${gadgets('v1alpha1')}/changing/scale` },
  { name: 'no status of the oldest', path: `${gadgets('v1alpha1')}/changing/status` },
  change('scale by text', `${gadgets()}/changing/scale`, { spec: { replicas: 'many' } }),
  change('scale of what is not there', `${gadgets()}/nothing/scale`, { spec: { replicas: 1 } }),
  { ...change('scale dry', `${gadgets()}/changing/scale?dryRun=All`, { spec: { replicas: 9 } }) },
  apply('apply: lists and maps', 'applied', 'first', {
    ports: [{ port: 80, note: 'a' }],
    unique: [1, 2],
    atoms: ['a'],
    whole: { a: '1' },
    some: { x: 1 },
  }),
  apply('apply: another adds', 'applied', 'second', {
    ports: [{ port: 81, protocol: 'UDP' }],
    unique: [2, 3],
    some: { y: 2 },
  }),
  apply('apply: an atom', 'applied', 'second', { atoms: ['b'] }),
  apply('apply: a whole', 'applied', 'second', { whole: { b: '2' } }),
  apply('apply: an element', 'applied', 'second', { ports: [{ port: 80, note: 'b' }] }),
  apply('apply: less', 'applied', 'first', { ports: [], unique: [2] }),
  apply('apply: an element twice', 'applied', 'first', { ports: [{ port: 80 }, { port: 80 }] }),
  apply('apply: a value twice', 'applied', 'first', { unique: [1, 1] }),
  apply('apply: a wrong type', 'applied', 'first', { level: 'x' }),
  apply('apply: an unknown field', 'applied', 'first', { unknown: 1 }),
  apply('apply: against a rule', 'applied', 'first', { minimum: 2, maximum: 1 }),
  apply('apply: from nothing, without a spec', 'bare', 'first', {}),
  {
    name: 'apply: to a version of old',
    method: 'PATCH',
    path: `${gadgets('v1beta1')}/applied?fieldManager=old`,
    headers: applyPatch,
    body: { apiVersion: `${group}/v1beta1`, kind: 'Gadget', metadata: { name: 'applied' }, spec: { level: 8 } },
  },
  {
    name: 'apply: a version to another’s path',
    method: 'PATCH',
    path: `${gadgets()}/applied?fieldManager=old`,
    headers: applyPatch,
    body: { apiVersion: `${group}/v1beta1`, kind: 'Gadget', metadata: { name: 'applied' }, spec: { level: 8 } },
  },
  {
    name: 'apply: status',
    method: 'PATCH',
    path: `${gadgets()}/applied/status?fieldManager=reporter`,
    headers: applyPatch,
    body: {
      apiVersion: `${group}/v1`,
      kind: 'Gadget',
      metadata: { name: 'applied' },
      spec: { level: 2 },
      status: { ready: true },
    },
  },
  post('realms', definitions, {
    ...definition('realms', 'Realm', {
      scope: 'Cluster',
      ...one({ type: 'object', 'x-kubernetes-preserve-unknown-fields': true }),
    }),
  }),
  { name: 'realms are served', path: realms, until: 200 },
  post('a realm', realms, {
    apiVersion: `${group}/v1`,
    kind: 'Realm',
    metadata: { name: 'r' },
    anything: { goes: [1, 'a', null] },
  }),
  post('a realm in a namespace', realms, {
    apiVersion: `${group}/v1`,
    kind: 'Realm',
    metadata: { name: 's', namespace: 'default' },
  }),
  { name: 'realms of a namespace', path: `/apis/${group}/v1/namespaces/default/realms` },
  { name: 'a realm has no status', path: `${realms}/r/status` },
  { name: 'a realm as a table', path: `${realms}?includeObject=None`, headers: table, ignoresBody: true },
  change('a realm merges', `${realms}/r`, { anything: { goes: null, more: 1 } }),
  { name: 'the realm goes', method: 'DELETE', path: `${realms}/r` },
  { name: 'realms go', method: 'DELETE', path: `${definitions}/realms.${group}`, ignoresBody: true },
  change('a version goes from service', `${definitions}/gadgets.${group}`, { spec: { names: { shortNames: ['gg'] } } }),
  { name: 'gadgets go', method: 'DELETE', path: `${definitions}/gadgets.${group}`, ignoresBody: true },
  { name: 'gadgets are gone', path: `${definitions}/gadgets.${group}`, until: 404 },
  { name: 'the namespace goes', method: 'DELETE', path: `/api/v1/namespaces/${namespace}`, ignoresBody: true },
  { name: 'it is gone', path: `/api/v1/namespaces/${namespace}`, until: 404 },
];
