import { describe, expect, it } from 'vitest';
import type { Pod } from '../node-agent/pod-types.ts';
import { requestsOf } from './pod-requests.ts';

const asks = (cpu: number, more: object = {}) => ({
  name: 'c',
  image: 'host',
  resources: { requests: { cpu: String(cpu) } },
  ...more,
});
const sidecar = (cpu: number) => asks(cpu, { restartPolicy: 'Always' });

describe('what a pod asks for', () => {
  it.each([
    ['the sum of its containers', { containers: [asks(1), asks(2)] }, 3],
    ['the largest of those that come first', { initContainers: [asks(4), asks(5)], containers: [asks(1)] }, 5],
    ['its sidecars, too', { initContainers: [sidecar(1), sidecar(2)], containers: [asks(1)] }, 4],
    [
      'one that comes first beside the sidecars before it',
      { initContainers: [sidecar(2), asks(3)], containers: [asks(1)] },
      5,
    ],
    ['not beside those after it', { initContainers: [asks(3), sidecar(2)], containers: [asks(1)] }, 3],
    ['and its overhead', { containers: [asks(1)], overhead: { cpu: '2' } }, 3],
    ['what is asked for it as a whole', { containers: [asks(1)], resources: { requests: { cpu: '4' } } }, 4],
  ])('is %s', (_, spec, cpu) => {
    const found = requestsOf({ metadata: {}, spec } as unknown as Pod);
    expect(Number(found.get('cpu')) / 1e9).toBe(cpu);
  });
});
