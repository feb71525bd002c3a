import type { Random } from '../../soak/random.ts';
import { gone, isPlain } from './place.ts';

/** One way to make a value wrong, or another. */
export interface Mutation {
  readonly name: string;
  fits(value: unknown): boolean;
  /** The new value, or `gone`. */
  change(value: unknown, random: Random): unknown;
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number';
const isList = (value: unknown): value is unknown[] => Array.isArray(value);
const isFilled = (value: unknown): value is unknown[] => isList(value) && value.length > 0;
const always = () => true;

const badNames = [
  'A_b',
  '-a',
  'a-',
  'a b',
  'a/b',
  'a..b',
  '.',
  '..',
  'é',
  'a\nb',
  '$(A)',
  'a=b',
  'UPPER',
  '1',
  'a.b/c',
  'a/b/c',
];
const enumValues = [
  ...[
    'Always',
    'Never',
    'OnFailure',
    'Odd',
    'TCP',
    'UDP',
    'SCTP',
    'In',
    'NotIn',
    'Exists',
    'DoesNotExist',
    'Gt',
    'Equal',
  ],
  ...['NoExecute', 'NoSchedule', 'None', 'Default', 'ClusterIP', 'NodePort', 'LoadBalancer', 'Local', 'IPv4', 'IPv6'],
  ...['Indexed', 'NonIndexed', 'FailJob', 'Count', 'True', 'False', 'Localhost', 'Unconfined', 'Block', 'Memory'],
  ...['ReadWriteOncePod', 'Delete', 'Recycle', 'Immediate', 'File', 'Socket', 'Bidirectional', 'Opaque', 'Object'],
];
const addresses = [
  '10.0.0.1',
  '::1',
  '127.0.0.1',
  '0.0.0.0',
  '300.1.1.1',
  '010.0.0.1',
  '10.0.0.0/8',
  'fe80::1',
  '169.254.1.1',
];
const quantities = [
  '1',
  '0',
  '-1',
  '1.5',
  '0.1m',
  '1Gi',
  '1e3',
  '100m',
  '1Ki',
  '.5',
  '1e',
  'abc',
  '1 Gi',
  '12345678901234567890',
  '1n',
];
const times = [
  '2026-01-02T03:04:05Z',
  '2026-01-02',
  '1s',
  '1h30m',
  'yesterday',
  '2026-13-02T03:04:05Z',
  '2026-01-02T03:04:05+01:00',
];
const paths = ['/', 'relative', '../up', '/a/../b', '/a:b', '/dev/x', 'a/..b', './a', '/'.repeat(3)];
const percents = ['50%', '0%', '101%', '-1%', '5', 'x%'];
const numbers = [0, 1, 2, 3, 7, 100, 255, 65535, 65536, 511, 512, 1000000000];
const huge = [2147483647, 2147483648, -2147483649, 4294967296, 9007199254740991, 1e18, 1e19, 1e300];
const replaced = (name: string, fits: Mutation['fits'], values: readonly unknown[]): Mutation => ({
  name,
  fits,
  change: (_, random) => random.pick(values),
});

export const mutations: readonly Mutation[] = [
  { name: 'gone', fits: always, change: () => gone },
  { name: 'null', fits: always, change: () => null },
  {
    name: 'a text',
    fits: (value) => !isText(value),
    change: (_, random) => random.pick(['', 'text', 'true', '1', '1.5']),
  },
  { name: 'a number', fits: (value) => !isNumber(value), change: (_, random) => random.pick([0, 1, -1, 1.5, 1e3]) },
  { name: 'a truth', fits: always, change: (value, random) => (value === true ? false : random.pick([true, false])) },
  { name: 'a list', fits: (value) => !isList(value), change: (value, random) => random.pick([[], [value], [null]]) },
  { name: 'an object', fits: (value) => !isPlain(value), change: (_, random) => random.pick([{}, { odd: 1 }]) },
  {
    name: 'empty',
    fits: always,
    change: (value) => (isText(value) ? '' : isList(value) ? [] : isPlain(value) ? {} : 0),
  },
  { name: 'negative', fits: isNumber, change: (value) => -(value as number) - 1 },
  { name: 'a fraction', fits: isNumber, change: (value) => (value as number) + 0.5 },
  replaced('another number', isNumber, numbers),
  replaced('huge', isNumber, huge),
  {
    name: 'long',
    fits: isText,
    change: (value, random) => `${value}${'x'.repeat(random.pick([15, 54, 64, 254, 1100]))}`,
  },
  {
    name: 'with a tail',
    fits: isText,
    change: (value, random) => `${value}${random.pick(['-a', ' ', '.', '_', '/x', '%', '\t'])}`,
  },
  { name: 'upper case', fits: isText, change: (value) => String(value).toUpperCase() },
  replaced('a bad name', isText, badNames),
  replaced('another word', isText, enumValues),
  replaced('an address', isText, addresses),
  replaced('a quantity', isText, quantities),
  replaced('a time', isText, times),
  replaced('a path', isText, paths),
  replaced('a share', (value) => isText(value) || isNumber(value), percents),
  {
    name: 'an entry twice',
    fits: isFilled,
    change: (value, random) => [...(value as unknown[]), random.pick(value as unknown[])],
  },
  { name: 'turned round', fits: isFilled, change: (value) => [...(value as unknown[])].reverse() },
  { name: 'many', fits: isFilled, change: (value) => Array.from({ length: 70 }, () => (value as unknown[])[0]) },
  {
    name: 'an empty entry',
    fits: isList,
    change: (value) => [...(value as unknown[]), isPlain((value as unknown[])[0]) ? {} : ''],
  },
  { name: 'a null entry', fits: isList, change: (value) => [...(value as unknown[]), null] },
  { name: 'an unknown field', fits: isPlain, change: (value) => ({ ...(value as object), oddField: { a: 1 } }) },
  {
    name: 'a field in another case',
    fits: (value) => isPlain(value) && Object.keys(value).length > 0,
    change(value, random) {
      const name = random.pick(Object.keys(value as object));
      const { [name]: moved, ...others } = value as Record<string, unknown>;
      return { ...others, [name[0] === name[0]?.toUpperCase() ? name.toLowerCase() : name.toUpperCase()]: moved };
    },
  },
  {
    name: 'a bad key',
    fits: isPlain,
    change: (value, random) => ({ ...(value as object), [random.pick(badNames)]: 'value' }),
  },
];
