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
