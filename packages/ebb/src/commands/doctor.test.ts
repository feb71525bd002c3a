import { expect, test } from 'vitest';
import { machine, nodeVersion, report } from './doctor.ts';

test.each([
  ['20.18.3', 'missing'],
  ['20.19.0', 'good'],
  ['24.1.0', 'good'],
  ['18.20.0', 'missing'],
])('Node %s is %s', (version, state) => {
  expect(nodeVersion(version).state).toBe(state);
});

test('little memory is told with what to do', () => {
  expect(machine(2, 4000).state).toBe('good');
  expect(report([machine(2, 100)])).toContain('free some');
});
