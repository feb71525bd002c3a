import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../schema/schema.ts';
import { builtInKinds } from '../built-in.ts';
import { humanDuration } from './age.ts';
import { podColumns, summarizePod } from './pod.ts';

const now = new Date('2026-01-01T01:00:00Z');
const pod = (status: JsonObject, spec: JsonObject = {}, metadata: JsonObject = {}): JsonObject => ({
  metadata: { name: 'p', creationTimestamp: '2026-01-01T00:00:00Z', ...metadata },
  spec: { containers: [{ name: 'a' }], ...spec },
  status,
});
const waiting = (reason: string) => ({ containerStatuses: [{ name: 'a', state: { waiting: { reason } } }] });
const terminated = (exitCode: number, more: JsonObject = {}) => ({ state: { terminated: { exitCode, ...more } } });

describe('the status kubectl shows of a pod', () => {
  it.each<[string, JsonObject]>([
    ['Pending', pod({ phase: 'Pending' })],
    ['ContainerCreating', pod({ phase: 'Pending', ...waiting('ContainerCreating') })],
    ['CrashLoopBackOff', pod({ phase: 'Running', ...waiting('CrashLoopBackOff') })],
    ['Running', pod({ phase: 'Running', containerStatuses: [{ ready: true, state: { running: {} } }] })],
    ['Completed', pod({ phase: 'Succeeded', containerStatuses: [terminated(0, { reason: 'Completed' })] })],
    ['Error', pod({ phase: 'Failed', containerStatuses: [terminated(1, { reason: 'Error' })] })],
    ['ExitCode:3', pod({ phase: 'Failed', containerStatuses: [terminated(3)] })],
    ['Signal:9', pod({ phase: 'Failed', containerStatuses: [terminated(137, { signal: 9 })] })],
    ['Evicted', pod({ phase: 'Failed', reason: 'Evicted' })],
    ['Terminating', pod({ phase: 'Running' }, {}, { deletionTimestamp: 'x' })],
    ['Unknown', pod({ phase: 'Running', reason: 'NodeLost' }, {}, { deletionTimestamp: 'x' })],
    ['SchedulingGated', pod({ phase: 'Pending', conditions: [{ type: 'PodScheduled', reason: 'SchedulingGated' }] })],
    [
      'Init:0/2',
      pod({ phase: 'Pending', initContainerStatuses: [{ state: { running: {} } }] }, { initContainers: [{}, {}] }),
    ],
    ['Init:Error', pod({ initContainerStatuses: [terminated(1, { reason: 'Error' })] }, { initContainers: [{}] })],
    [
      'Init:CrashLoopBackOff',
      pod(
        { initContainerStatuses: [{ state: { waiting: { reason: 'CrashLoopBackOff' } } }] },
        { initContainers: [{}] },
      ),
    ],
    [
      'PodInitializing',
      pod({ ...waiting('PodInitializing'), initContainerStatuses: [terminated(0)] }, { initContainers: [{}] }),
    ],
  ])('%s', (status, object) => expect(summarizePod(object).status).toBe(status));

  it('counts restarts and says when', () => {
    const status = {
      restartCount: 3,
      ready: true,
      state: { running: {} },
      lastState: { terminated: { finishedAt: '2026-01-01T00:58:00Z' } },
    };
    const cells = podColumns.map((column) => column.cell(pod({ phase: 'Running', containerStatuses: [status] }), now));
    expect(cells).toEqual(['p', '1/1', 'Running', '3 (2m ago)', '60m', '<none>', '<none>', '<none>', '<none>']);
  });
});

describe('ages', () => {
  it.each([
    [-5000, '<invalid>'],
    [-500, '0s'],
    [119_000, '119s'],
    [120_000, '2m'],
    [125_000, '2m5s'],
    [600_000, '10m'],
    [3 * 3_600_000, '3h'],
    [3.5 * 3_600_000, '3h30m'],
    [47 * 3_600_000, '47h'],
    [50 * 3_600_000, '2d2h'],
    [30 * 86_400_000, '30d'],
    [800 * 86_400_000, '2y70d'],
    [4000 * 86_400_000, '10y'],
  ])('%d ms is %s', (ms, text) => expect(humanDuration(ms)).toBe(text));
});

it('every column of every kind has a cell for an empty object', () => {
  for (const kind of builtInKinds) {
    for (const { cell } of kind.columns) expect(() => cell({}, now)).not.toThrow();
  }
});
