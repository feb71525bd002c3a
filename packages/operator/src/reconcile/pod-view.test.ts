import { describe, expect, it } from 'vitest';
import { podView } from './pod-view.ts';

const index = { 'batch.kubernetes.io/job-completion-index': '2' };
const pod = (status: object, metadata: object = { labels: index }) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'm-2-x', ...metadata },
  status,
});
const main = (state: object, more: object = {}) => ({ containerStatuses: [{ name: 'm', state, ...more }] });

describe('a pod', () => {
  it('of no Job is none of ours', () => {
    expect(podView(pod({}, { labels: {} }), 'm')).toBeUndefined();
  });

  it('of Kubernetes 1.27 has its index as an annotation', () => {
    expect(podView(pod({}, { annotations: index }), 'm')?.index).toBe(2);
  });

  it('has been looked at by the scheduler once that has said anything of it', () => {
    const said = (conditions: object[]) => podView(pod({ conditions }), 'm')?.isConsidered;
    expect(podView(pod({}), 'm')?.isConsidered).toBe(false);
    expect(said([{ type: 'Initialized', status: 'True' }])).toBe(false);
    expect(said([{ type: 'PodScheduled', status: 'True' }])).toBe(true);
    expect(said([{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }])).toBe(true);
  });

  it.each([
    ['runs', main({ running: {} }, { ready: true }), { isRunning: true, isReady: true }],
    ['is not ready', main({ running: {} }, { ready: false }), { isRunning: true, isReady: false }],
    [
      'has ended',
      main({ terminated: { exitCode: 3, message: 'm', finishedAt: 't' } }),
      { isRunning: false, ended: { exitCode: 3, message: 'm', finishedAt: 't' } },
    ],
    [
      'runs beside one that ended',
      { containerStatuses: [{ name: 'other', state: { terminated: {} } }] },
      { isReady: false },
    ],
  ])('%s', (_, status, expected) => {
    expect(podView(pod(status), 'm')).toMatchObject(expected);
  });

  it.each([
    ['starts', main({ waiting: { reason: 'PodInitializing' } }), undefined],
    [
      'finds no node',
      { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/1 nodes' }] },
      'pod m-2-x: Unschedulable: 0/1 nodes',
    ],
    [
      'finds no image',
      main({ waiting: { reason: 'ImagePullBackOff', message: 'no such image' } }),
      'pod m-2-x: ImagePullBackOff: no such image',
    ],
    [
      'has no Flux',
      { initContainerStatuses: [{ name: 'flux-view', state: { terminated: { exitCode: 1 } } }] },
      'pod m-2-x: container flux-view ended with status 1',
    ],
    [
      'has no Flux, and said so last',
      {
        initContainerStatuses: [
          {
            name: 'flux-view',
            state: { terminated: { exitCode: 1, message: 'Setting up\r\nno view of Flux\r\n\r\n' } },
          },
        ],
      },
      'pod m-2-x: container flux-view ended with status 1: no view of Flux',
    ],
    [
      'ended with its program',
      main({ terminated: { exitCode: 7, message: '{"program":{"exitCode":7}}' } }),
      'pod m-2-x: container m ended with status 7',
    ],
    [
      'says much',
      main({ terminated: { exitCode: 1, message: 'x'.repeat(400) } }),
      `pod m-2-x: container m ended with status 1: ${'x'.repeat(300)}`,
    ],
  ])('that %s says why it does not run', (_, status, words) => {
    expect(podView(pod(status), 'm')?.waiting).toBe(words);
  });
});
