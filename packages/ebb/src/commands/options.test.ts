import { describe, expect, test } from 'vitest';
import type { Cluster } from '../cluster/cluster.ts';
import { namedCluster, nameParts, wholeNumber } from './options.ts';

const none = undefined as unknown as Cluster;

describe('the name of a MiniCluster', () => {
  test.each([
    ['sample', { name: 'sample' }],
    ['work/sample', { namespace: 'work', name: 'sample' }],
  ])('%s', (argument, parts) => {
    expect(nameParts(argument)).toEqual(parts);
  });
  test.each(['', '/', 'work/', '/sample', 'a/b/c'])('%j is none', async (argument) => {
    await expect(namedCluster(none, argument, {})).rejects.toThrow(
      `NAME ${JSON.stringify(argument)}: use NAME or NAMESPACE/NAME`,
    );
  });

  const clusterOf = (...places: string[]) =>
    ({
      namespace: 'default',
      miniClusters: async (namespace?: string) =>
        places
          .filter((place) => namespace === undefined || place === namespace)
          .map((place) => ({ metadata: { name: 'sample', namespace: place } })),
    }) as unknown as Cluster;

  test('alone is the only one, or the one of the context', async () => {
    expect(await namedCluster(clusterOf('work'), 'sample', {})).toEqual({ namespace: 'work', name: 'sample' });
    expect(await namedCluster(clusterOf('work', 'default'), 'sample', {})).toMatchObject({ namespace: 'default' });
  });

  test('where several or none have it, the answer says where', async () => {
    await expect(namedCluster(clusterOf('a', 'b'), 'sample', {})).rejects.toThrow(
      'MiniCluster sample is in namespaces a, b: say which with --namespace',
    );
    await expect(namedCluster(clusterOf('a'), 'b/sample', {})).rejects.toThrow(
      'there is no MiniCluster sample in namespace b; see: ebb get',
    );
    await expect(namedCluster(clusterOf('a'), 'sample', { namespace: 'c' })).rejects.toThrow('in namespace c;');
  });
});

test.each(['', '-1', '1.5', 'abc', '0x3', '1e0', ' 3', '17'])('%j is no whole number from 1 to 16', (text) => {
  expect(() => wholeNumber('--nodes', text, 1, 16)).toThrow(/^--nodes .+: use a whole number from 1 to 16$/);
});
test('a whole number is read as it stands', () => {
  expect(wholeNumber('--tail', '007', 0)).toBe(7);
});
