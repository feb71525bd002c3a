import { expect, test } from 'vitest';
import { logRefusal } from './log-choice.ts';

const ended = (containerID?: string) => ({ terminated: { exitCode: 1, ...(containerID ? { containerID } : {}) } });
const about = 'container "main" in pod "p"';

test.each([
  ['running', { running: { startedAt: '' } }, {}, false, undefined],
  ['ended', ended('a'), {}, false, undefined],
  [
    'waiting for its first run',
    { waiting: { reason: 'ContainerCreating' } },
    {},
    false,
    'is waiting to start: ContainerCreating',
  ],
  ['waiting to run again', { waiting: { reason: 'CrashLoopBackOff' } }, ended('a'), false, undefined],
  [
    'an image that cannot be pulled',
    { waiting: { reason: 'ErrImagePull' } },
    {},
    false,
    "is waiting to start: image can't be pulled",
  ],
  ['one that never started', ended(), {}, false, 'is terminated'],
  ['one that did not start again', ended(), ended('a'), false, undefined],
  ['the run before', { running: { startedAt: '' } }, ended('a'), true, undefined],
])('%s', (_name, state, lastState, isPrevious, words) => {
  const refusal = logRefusal({ state, lastState } as never, 'main', 'p', isPrevious);
  expect(refusal).toBe(words === undefined ? undefined : `${about} ${words}`);
});

test('no run before', () => {
  const words = logRefusal({ state: { running: { startedAt: '' } }, lastState: {} } as never, 'main', 'p', true);
  expect(words).toBe('previous terminated container "main" in pod "p" not found');
});
