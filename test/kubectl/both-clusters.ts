/** The same command typed on the embedded Kubernetes and on a real one, and what may differ between two screens. */
import { findKubectl } from '@ebb/ebb/internal';
import { expect } from 'vitest';
import { embedded } from '../clusters/embedded.ts';
import { realBuiltHere } from '../clusters/real.ts';
import type { TestCluster } from '../clusters/test-cluster.ts';
import { ebb, type Typed } from '../commands/ebb-command.ts';

export interface BothClusters {
  /** Types kubectl on both; their screens have to be the same, or what `see` leaves of them. @returns that of the embedded one */
  type(words: string, input?: string, see?: (text: string) => string): Promise<Typed>;
  stop(): Promise<void>;
}

export async function startBothClusters(home: string): Promise<BothClusters> {
  const kubectl = (await findKubectl())!;
  const clusters: TestCluster[] = [await realBuiltHere.start({ operator: false })];
  clusters.push(await embedded.start({ operator: false }));
  const run = (cluster: TestCluster, words: readonly string[], input: string) =>
    ebb(words, {
      program: kubectl.path,
      input,
      environment: { KUBECONFIG: cluster.kubeconfigPath, HOME: home, TZ: 'UTC' },
    });
  return {
    async type(line, input = '', see = normal) {
      const words = line.match(/'[^']*'|\S+/g)!.map((word) => word.replace(/^'|'$/g, ''));
      const screens = await Promise.all(clusters.map((cluster) => run(cluster, words, input)));
      const [real, ours] = screens.map((screen) => `${see(screen.stdout)}${see(screen.stderr)}exit ${screen.code}`);
      expect.soft(ours, `kubectl ${line}`).toBe(real);
      return screens[1]!;
    },
    async stop() {
      await Promise.all(clusters.map((cluster) => cluster.stop()));
    },
  };
}

/** A screen without what no two clusters have in common: times, addresses, made-up names, widths that follow them. */
export function normal(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'UID')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, 'TIME')
    .replaceAll(/(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000/g, 'TIME')
    .replaceAll(/\b(e2e-)?node-\d\b/g, 'NODE')
    .replaceAll(/\b(\d+\.){3}\d+(:\d+)?\b/g, 'ADDRESS')
    .replaceAll(/(Resource Version: +)\d+/g, '$1N')
    .replaceAll(/(resourceVersion\\*"?: ?\\*"?)\d+/g, '$1N')
    .replaceAll(/(?<![\w.-])(\d+m)?\d+(\.\d+)?m?s\b|<invalid>/g, 'AGE')
    .replaceAll(/\b3[0-2]\d{3}(?=\/TCP)/g, 'PORT')
    .replaceAll(/(?<=\b\w+-)[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, 'RANDOM')
    .replaceAll(/[^\S\n]{2,}/g, '  ')
    .replaceAll(/[^\S\n]+$/gm, '');
}
