import { describe, expect, it } from 'vitest';
import type { ContainerStatus, Pod } from '../pod-types.ts';
import { podStatus } from './pod-status.ts';

const running = { running: { startedAt: '' } };
const ended = (exitCode: number) => ({ terminated: { exitCode, reason: '', startedAt: '', finishedAt: '' } });
const status = (name: string, state: object) => ({ name, state, lastState: {}, started: true }) as ContainerStatus;

describe('the phase of a pod', () => {
  it.each([
    ['its container runs', running, running, 'Running'],
    ['its container ended and its sidecar runs on', ended(0), running, 'Running'],
    ['its container failed and its sidecar runs on', ended(3), running, 'Running'],
    ['its container and then its sidecar ended', ended(0), ended(0), 'Succeeded'],
    ['its container failed, and its sidecar ended', ended(3), ended(0), 'Failed'],
  ])('when %s', (_, container, sidecar, phase) => {
    const pod = {
      metadata: { name: 'aided' },
      spec: {
        restartPolicy: 'Never',
        containers: [{ name: 'main' }],
        initContainers: [{ name: 'sidecar', restartPolicy: 'Always' }],
      },
    } as unknown as Pod;
    const seen = {
      hostIP: '10.0.0.1',
      startTime: '',
      containers: [status('main', container)],
      initContainers: [status('sidecar', sidecar)],
      ephemeralContainers: [],
      hasStopped: false,
      isSandboxReady: true,
    };
    expect(podStatus(pod, seen, '').phase).toBe(phase);
  });
});

describe('the phase of a pod whose containers', () => {
  const waiting = { waiting: { reason: 'ContainerCreating' } };
  const crashed = (exitCode: number) => ({
    state: { waiting: { reason: 'CrashLoopBackOff' } },
    lastState: ended(exitCode),
  });
  const fresh = { state: waiting, lastState: {} };
  const of = (state: object) => ({ state, lastState: {} });
  const deadline = { reason: 'DeadlineExceeded', message: '' };
  it.each([
    ['wait, one of them', 'Always', [of(running), fresh], [], {}, 'Pending'],
    ['wait for an init container', 'Always', [fresh], [of(running)], {}, 'Pending'],
    ['wait for an init container that failed', 'Always', [fresh], [crashed(1)], {}, 'Pending'],
    ['never run, as an init container failed', 'Never', [fresh], [of(ended(1))], {}, 'Failed'],
    ['crash', 'Always', [crashed(1)], [of(ended(0))], {}, 'Running'],
    ['ended well, one of them, and another crashes', 'OnFailure', [of(ended(0)), crashed(1)], [], {}, 'Running'],
    ['ended well and are to run again', 'Always', [of(ended(0))], [], {}, 'Running'],
    ['ended, one of them badly', 'Never', [of(ended(0)), of(ended(1))], [], {}, 'Failed'],
    ['ended well', 'OnFailure', [of(ended(0))], [], {}, 'Succeeded'],
    ['run on past the deadline', 'Never', [of(running)], [], { failure: deadline }, 'Running'],
    ['ended well past the deadline', 'Never', [of(ended(0))], [], { failure: deadline }, 'Failed'],
    ['ended well as they were told to', 'Always', [of(ended(0))], [], { hasStopped: true }, 'Succeeded'],
    ['were still waiting when the pod ended', 'Always', [fresh], [], { hasStopped: true }, 'Failed'],
  ])('%s', (_, restartPolicy, containers, initContainers, more, phase) => {
    const named = (states: readonly object[], kind: string) =>
      states.map((state, index) => ({ name: `${kind}${index}`, ...state }) as ContainerStatus);
    const seen = {
      hostIP: '10.0.0.1',
      startTime: '',
      containers: named(containers, 'c'),
      initContainers: named(initContainers, 'i'),
      ephemeralContainers: [],
      hasStopped: false,
      isSandboxReady: true,
      ...more,
    };
    const pod = {
      metadata: { name: 'pod' },
      spec: { restartPolicy, containers: named(containers, 'c'), initContainers: named(initContainers, 'i') },
      status: { phase: 'Running' },
    } as unknown as Pod;
    const { phase: found, reason } = podStatus(pod, seen, '');
    expect(found).toBe(phase);
    expect(reason).toBe(phase === 'Failed' && 'failure' in more ? 'DeadlineExceeded' : undefined);
  });
});

describe('a pod with a sidecar', () => {
  const of = (main: object, sidecar: object) => {
    const pod = {
      metadata: { name: 'aided' },
      spec: { containers: [{ name: 'main' }], initContainers: [{ name: 'sidecar', restartPolicy: 'Always' }] },
    } as unknown as Pod;
    const seen = {
      hostIP: '10.0.0.1',
      startTime: '',
      containers: [{ ...status('main', main), ready: 'running' in main }],
      initContainers: [{ ...status('sidecar', sidecar), started: 'running' in sidecar, ready: 'running' in sidecar }],
      ephemeralContainers: [],
      hasStopped: false,
      isSandboxReady: true,
    };
    const { conditions = [] } = podStatus(pod, seen, '');
    return ['Initialized', 'Ready'].map((wanted) => conditions.find(({ type }) => type === wanted)?.status);
  };
  const waiting = { waiting: { reason: 'PodInitializing' } };
  it.each([
    ['waits for it', waiting, waiting, ['False', 'False']],
    ['runs with it', running, running, ['True', 'True']],
    ['goes on while it starts again', running, ended(1), ['True', 'False']],
    ['ended after it was killed', ended(0), ended(137), ['True', 'False']],
  ])('%s', (_, main, sidecar, expected) => {
    expect(of(main, sidecar)).toEqual(expected);
  });
});
