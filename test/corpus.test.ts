/** One corpus of requests, good and bad, put to the embedded Kubernetes and to a real one: the answers are the same. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { embedded } from './clusters/embedded.ts';
import { realBuiltHere } from './clusters/real.ts';
import { runs, type TestCluster } from './clusters/test-cluster.ts';
import { differences } from './corpus/differences.ts';
import { knownDifferences } from './corpus/known-differences.ts';
import { topics } from './corpus/requests/index.ts';
import { runCorpus } from './corpus/run-corpus.ts';

describe.skipIf(!runs(realBuiltHere))('the answers of both', () => {
  let clusters: TestCluster[];
  beforeAll(async () => {
    clusters = [await realBuiltHere.start({ operator: false }), await embedded.start({ operator: false })];
  }, 1_200_000);
  afterAll(async () => {
    for (const cluster of clusters ?? []) await cluster.stop();
  });

  test.each(Object.entries(topics))(
    'to requests about %s',
    async (topic, requests) => {
      const [theirs, ours] = await Promise.all(
        clusters.map(({ kubeconfigPath }) => runCorpus(kubeconfigPath, requests)),
      );
      const different = theirs!.flatMap((answer, index) => {
        const lines = differences(answer, ours![index]!);
        const name = `${topic}: ${answer.name}`;
        return lines.length === 0 || Object.hasOwn(knownDifferences, name) ? [] : [[name, ...lines].join('\n  ')];
      });
      expect(different).toEqual([]);
      expect(theirs).toHaveLength(requests.length);
    },
    120_000,
  );

  test('names only what there is among the known differences', () => {
    const names = Object.entries(topics).flatMap(([topic, requests]) =>
      requests.map(({ name }) => `${topic}: ${name}`),
    );
    expect(Object.keys(knownDifferences).filter((name) => !names.includes(name))).toEqual([]);
  });
});
