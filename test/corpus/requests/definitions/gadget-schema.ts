/** The schema of a custom resource that uses every word of schemas. */
export const text = { type: 'string' };
export const number = { type: 'integer' };

export const spec = {
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
