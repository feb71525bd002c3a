/** `ebb scale NAME SIZE`: sets the size; `--wait` until Flux has as many brokers up as the operator accepted. */
import { type ClusterOptions, openCluster } from '../cluster/open-cluster.ts';
import { terminalProgress } from '../terminal/progress.ts';
import { namedCluster } from './options.ts';
import { waitForBrokers } from './wait-for-brokers.ts';

export interface ScaleOptions extends ClusterOptions {
  readonly wait?: boolean;
}

export async function scale(name: string, sizeText: string, options: ScaleOptions): Promise<number> {
  const size = Number(sizeText);
  if (!Number.isInteger(size) || size < 1) {
    throw new Error(`SIZE ${sizeText}: a MiniCluster's size is a whole number from 1 to its maximum`);
  }
  const cluster = openCluster(options);
  const target = await namedCluster(cluster, name, options);
  await cluster.scale(target, size);
  process.stdout.write(`minicluster.flux-framework.org/${target.name} scaled\n`);
  if (!options.wait) return 0;
  const stage = terminalProgress().stage(`${size} brokers up`);
  const outcome = await waitForBrokers(cluster, target, size, (text) => stage.waitingFor(text));
  if (outcome.denied) {
    stage.failed(outcome.denied);
    return 1;
  }
  stage.done();
  return 0;
}
