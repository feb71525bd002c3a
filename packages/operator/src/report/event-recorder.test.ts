/** An event is told once, and not lost to a conflict that is none of its own. */
import type { MiniCluster } from '@ebb/minicluster';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../kubernetes/api-error.ts';
import type { KubernetesApi } from '../kubernetes/kubernetes-api.ts';
import { recordEvent } from './event-recorder.ts';

const cluster = {
  apiVersion: 'flux-framework.org/v1alpha2',
  kind: 'MiniCluster',
  metadata: { name: 'sample', namespace: 'ns', uid: 'u', generation: 1 },
} as MiniCluster;
const draft = { type: 'Warning', reason: 'ResizeDenied', message: 'too large' } as const;
const answering = (code: number, reason: string) => {
  const create = async () => {
    throw new ApiError(code, reason, reason);
  };
  return { create } as unknown as KubernetesApi;
};

describe('an event', () => {
  it('that is there already is none to tell', async () => {
    await expect(recordEvent(answering(409, 'AlreadyExists'), cluster, draft)).resolves.toBeUndefined();
  });

  it.each([
    [409, 'Conflict'],
    [500, 'InternalError'],
    [0, ''],
  ])('that the server did not take (%i %s) is an error, so that it is told again', async (code, reason) => {
    await expect(recordEvent(answering(code, reason), cluster, draft)).rejects.toThrow(ApiError);
  });
});
