import { expect, test } from 'vitest';
import { exitStatusOf } from './exit-status.ts';

test.each([
  [{ status: 'Success' }, 0],
  [{ status: 'Failure', details: { causes: [{ reason: 'ExitCode', message: '7' }] } }, 7],
  [{ status: 'Failure', message: 'container not found' }, undefined],
])('%j is exit status %d', (status, code) => {
  expect(exitStatusOf(status)).toBe(code);
});
