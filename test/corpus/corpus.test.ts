/** One corpus of requests, good and bad, put to the embedded Kubernetes and to a real one: the answers are the same. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { embedded } from '../clusters/embedded.ts';
import { realBuiltHere } from '../clusters/real.ts';
import { runs, type TestCluster } from '../clusters/test-cluster.ts';
import { differences } from './differences.ts';
import { knownDifferences } from './known-differences.ts';
import { topics } from './requests/index.ts';
import { runCorpus } from './run-corpus.ts';

const named = Object.entries(topics);

test('names only what there is among the known differences', () => {
  const names = named.flatMap(([topic, requests]) => requests.map(({ name }) => `${topic}: ${name}`));
  expect(Object.keys(knownDifferences).filter((name) => !names.includes(name))).toEqual([]);
});

test('tells requests of a topic apart by their names', () => {
  for (const [topic, requests] of named) {
    const names = requests.map(({ name }) => name);
    const twice = names.filter((name, index) => names.indexOf(name) < index && !/^it is gone$/.test(name));
    expect(twice, topic).toEqual([]);
  }
});

describe.skipIf(!runs(realBuiltHere))('the answers of both', () => {
  let clusters: TestCluster[] = [];
  beforeAll(async () => {
    clusters = await Promise.all([realBuiltHere, embedded].map((kind) => kind.start({ operator: false })));
  }, 1_200_000);
  afterAll(() => Promise.all(clusters.map((cluster) => cluster.stop())));

  test.each(named)('to requests about %s', { timeout: 300_000 }, async (topic, requests) => {
    const records = await Promise.all(clusters.map(({ kubeconfigPath }) => runCorpus(kubeconfigPath, requests)));
    const [theirs, ours] = records as [(typeof records)[0], (typeof records)[0]];
    expect(theirs).toHaveLength(requests.length);
    const compared = theirs.map((answer, index) => {
      const name = `${topic}: ${answer.name}`;
      return { name, lines: differences(answer, ours[index]!), isKnown: Object.hasOwn(knownDifferences, name) };
    });
    const different = compared.filter(({ lines, isKnown }) => lines.length > 0 && !isKnown);
    expect(different.map(({ name, lines }) => [name, ...lines].join('\n  '))).toEqual([]);
    const alike = compared.filter(({ lines, isKnown }) => lines.length === 0 && isKnown);
    expect(
      alike.map(({ name }) => name),
      'known differences that are none any more',
    ).toEqual([]);
  });
});
