import { expect, it } from 'vitest';
import { statusPatch } from './status-patch.ts';

it('says its own conditions, whole, and its addresses in place of all others', () => {
  expect(
    statusPatch({
      phase: 'Running',
      podIP: '10.0.0.1',
      podIPs: [{ ip: '10.0.0.1' }],
      conditions: [
        { type: 'Ready', status: 'True' },
        { type: 'Initialized', status: 'False', reason: 'ContainersNotInitialized', message: 'why' },
        { type: 'example.com/balanced', status: 'True' },
        { type: 'DisruptionTarget', status: 'True' },
      ],
    }),
  ).toEqual({
    phase: 'Running',
    podIP: '10.0.0.1',
    podIPs: [{ $patch: 'replace' }, { ip: '10.0.0.1' }],
    conditions: [
      { type: 'Ready', status: 'True', reason: null, message: null },
      { type: 'Initialized', status: 'False', reason: 'ContainersNotInitialized', message: 'why' },
    ],
  });
});
