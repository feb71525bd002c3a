/** `flux config`: each line changes what the next one sees. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atBothBrokers, type Line } from './both-brokers.ts';

const folder = mkdtempSync(join(tmpdir(), 'compare-config-'));
writeFileSync(join(folder, 'x.toml'), '[a]\nb=1\nc=1.5\nd="x"\ne="1m"\nf=true\ng=[1,2]\n');

const commandLines: readonly (readonly [words: readonly string[], input?: string])[] = [
  [[]],
  [['--help']],
  [['--nosuch']],
  [['nosuch']],
  ...['load', 'reload', 'get', 'set', 'unset', 'builtin'].map((name) => [[name, '--help']] as const),
  [['load', folder]],
  [['load', 'nosuch']],
  [['load', 'a', 'b']],
  [['get']],
  [['get', 'a']],
  ...['b', 'c', 'd', 'e', 'f', 'g', 'x', 'b.c', ''].map((name) => [['get', `a.${name}`]] as const),
  [['get', '-q', 'a.x']],
  [['get', '-d', '3', 'a.x']],
  ...['string', 'integer', 'INTEGER', 'real', 'any', 'object', 'nosuch'].map(
    (type) => [['get', '-t', type, 'a.b']] as const,
  ),
  ...['fsd', 'fsd-integer', 'fsd-real', 'string'].map((type) => [['get', '-t', type, 'a.e']] as const),
  [['get', '-t', 'fsd', 'a.d']],
  [['get', '-t', 'boolean', 'a.f']],
  [['get', '-t', 'string']],
  [['get', '-c', folder, 'a.b']],
  [['get', '-c', 'nosuch', 'a.b']],
  [['get', 'a', 'b']],
  [['set', 'a.b', '7']],
  [['get', 'a.b']],
  [['set', 'a.b', 'x']],
  [['set', 'a.z', '1']],
  [['set', '-t', 'integer', 'a.z', '1']],
  [['set', '-t', 'array', 'a.z', '[1, "x"]']],
  [['set', '-t', 'array', 'a.z', '{}']],
  [['set', '-t', 'object', 'n.m', '{"k":1}']],
  [['set', '-t', 'real', 'a.z', 'x']],
  [['set', '-t', 'fsd', 'a.z', 'x']],
  [['set', '-t', 'fsd-real', 'a.z', '1s']],
  [['set', '-t', 'nosuch', 'a.z', '1s']],
  [['set', 'a.f', 'foo']],
  [['set', 'a']],
  [['get']],
  [['unset', 'a.z']],
  [['unset', 'a.x.y']],
  [['unset']],
  [['get', 'a']],
  [['load'], '{"a":{"b":1}}'],
  [['get']],
  [['load'], '[t]\nu = 1\n'],
  [['get']],
  [['load'], ''],
  [['reload', 'x']],
  [['reload', '--follower-noop']],
  [['builtin']],
  [['builtin', 'nosuch']],
  [['builtin', 'rundir']],
];

atBothBrokers(
  'the configuration',
  commandLines.map(
    ([words, input]): Line => ({ words: ['config', ...words], ...(input === undefined ? {} : { input }) }),
  ),
);
