import { expect, test } from 'vitest';
import { miniClusterTable, printed } from './get.ts';

const object = {
  apiVersion: 'flux-framework.org/v1alpha2',
  kind: 'MiniCluster',
  metadata: {
    name: 'sample',
    namespace: 'work',
    creationTimestamp: new Date('2026-01-10T00:00:00Z'),
    managedFields: [{ manager: 'ebb' }],
  },
  spec: { size: 2, maxSize: 4 },
  status: { maximumSize: 4, ranks: { up: 2 }, phase: 'Running' },
};

test('a row a MiniCluster, as kubectl shows it', () => {
  const now = Date.parse('2026-01-10T00:00:42Z');
  const young = { ...object, metadata: { name: 'young' }, spec: { size: 1 }, status: undefined };
  expect(miniClusterTable([object, young], now)).toBe(
    [
      'NAMESPACE   NAME     SIZE   MAX   UP   STATUS    AGE',
      'work        sample   2      4     2    Running   42s',
      '            young    1                           <unknown>',
      '',
    ].join('\n'),
  );
});

test('an object is printed as kubectl prints it', () => {
  expect(printed(object)).toEqual({
    ...object,
    metadata: { name: 'sample', namespace: 'work', creationTimestamp: '2026-01-10T00:00:00Z' },
  });
});
