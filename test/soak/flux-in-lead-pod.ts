/** `flux` commands in the lead pod of a MiniCluster that may be anything but well. */
import { Writable } from 'node:stream';
import type { Cluster } from '@ebb/ebb/internal';
import { clusterLabel, indexLabel } from '@ebb/minicluster';

const withinMs = 10_000;

/**
 * Its broker may not be there yet, or go in the midst of it.
 * @returns lines that it printed, and whether it ended well in time; undefined where there is no lead pod
 */
export async function fluxInLeadPod(
  cluster: Cluster,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  words: string,
): Promise<{ readonly lines: string[]; readonly isWell: boolean } | undefined> {
  const labels = `${clusterLabel}=${name},${indexLabel}=0`;
  const [pod] = await cluster.list('v1', 'Pod', namespace, labels);
  if (!pod) return undefined;
  let text = '';
  const sink = (note: (chunk: string) => void) =>
    new Writable({ write: (chunk: Buffer, _encoding, done) => done(void note(chunk.toString())) });
  const running = cluster
    .exec(namespace, pod.metadata.name, {
      container: name,
      command: ['/bin/sh', '-c', `. /mnt/flux/flux-view.sh && FLUX_URI=$fluxsocket flux ${words}`],
      stdout: sink((chunk) => (text += chunk)),
      stderr: sink(() => {}),
    })
    .catch(() => 1);
  const status = await Promise.race([running, new Promise((resolve) => setTimeout(resolve, withinMs))]);
  return { lines: text.split('\n').filter((line) => line.trim() !== ''), isWell: status === 0 };
}
