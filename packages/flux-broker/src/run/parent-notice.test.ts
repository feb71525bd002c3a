import { describe, expect, it } from 'vitest';
import { startInstance } from '../instance/instance.ts';
import { criticalNodes, notifyParent } from './parent-notice.ts';

function attributesOf(values: Record<string, string>) {
  return { get: (name: string) => values[name] } as Parameters<typeof notifyParent>[0];
}

describe('criticalNodes', () => {
  it.each([
    ['[[0,4,1,1]]', '0-1', '0-1'],
    ['[[0,2,2,1]]', '0-2', '0-1'],
    ['[[0,2,2,1]]', '1', '0'],
  ])('with brokers on nodes as in %s, ranks %s are nodes %s', (mapping, ranks, nodes) => {
    const attributes = attributesOf({ 'broker.mapping': mapping, 'broker.critical-ranks': ranks });
    expect(criticalNodes(attributes)).toBe(nodes);
  });

  it('are not known without a map, or where it ends too early', () => {
    expect(criticalNodes(attributesOf({ 'broker.critical-ranks': '0' }))).toBeUndefined();
    expect(
      criticalNodes(attributesOf({ 'broker.mapping': '[[0,1,1,1]]', 'broker.critical-ranks': '0-1' })),
    ).toBeUndefined();
  });
});

describe('notifyParent', () => {
  it('tells the parent where the instance is and which nodes it needs', async () => {
    const parent = startInstance({ size: 1, modules: [], socketRanks: [0] });
    await parent.ready();
    try {
      const flux = parent.flux(0);
      const seen: unknown[] = [];
      for (const service of ['job-manager', 'job-exec']) await flux.addService(service);
      for (const topic of ['job-manager.memo', 'job-exec.critical-ranks']) {
        flux.handle(topic, (request) => {
          seen.push([topic, request.json()]);
          request.respond();
        });
      }
      const attributes = attributesOf({
        'parent-uri': parent.uri(0),
        jobid: 'ƒNH',
        'local-uri': 'local:///tmp/x/local-0',
        'broker.mapping': '[[0,2,1,1]]',
        'broker.critical-ranks': '0',
      });
      await notifyParent(attributes, 'myhost');
      expect(seen).toEqual([
        ['job-manager.memo', { id: 1234, memo: { uri: 'ssh://myhost/tmp/x/local-0' } }],
        ['job-exec.critical-ranks', { id: 1234, ranks: '0' }],
      ]);
    } finally {
      await parent.stop();
    }
  });

  it('says nothing outside of a job', async () => {
    await expect(notifyParent(attributesOf({ 'local-uri': 'local:///x' }), 'h')).resolves.toBeUndefined();
  });
});
