import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { showResources } from './show-resources.ts';

const target = { namespace: 'ns', name: 'done' };

/** What is said where the container has gone between the last look at the MiniCluster and this one. */
async function shown(signal: AbortSignal): Promise<string> {
  const output = new PassThrough();
  const cluster = {
    podOfRank: async () => 'done-0-abcde',
    exec: async () => Promise.reject(new Error('unable to upgrade connection: container not found ("done")')),
  };
  await showResources(cluster, target, { stdout: output, stderr: output }, signal);
  return text(output.end());
}

describe('the first resource list of a MiniCluster whose program has just ended', () => {
  it('is said to be missing, and is no reason to stop', async () => {
    expect(await shown(new AbortController().signal)).toMatch(
      /flux done resource list\nebb: no resource list: .*container not found \("done"\)\n$/,
    );
  });

  it('gives way to an interruption', async () => {
    await expect(shown(AbortSignal.abort(new Error('interrupted')))).rejects.toThrow('interrupted');
  });
});
