/** `ebb scale NAME SIZE`: sets the size; `--wait` until Flux has as many brokers up as the operator accepted. */
import type { KubernetesObject } from '../cluster/kubernetes-object.ts';
import { type ClusterOptions, openCluster } from '../cluster/open-cluster.ts';
import { terminalProgress } from '../terminal/progress.ts';
import { brokers } from './broker-state.ts';
import { namedCluster } from './options.ts';
import { waitForBrokers } from './wait-for-brokers.ts';

export interface ScaleOptions extends ClusterOptions {
  readonly wait?: boolean;
}

export async function scale(name: string, sizeText: string, options: ScaleOptions): Promise<number> {
  const size = sizeOf(sizeText);
  const cluster = openCluster(options);
  const target = await namedCluster(cluster, name, options);
  const most = maximumOf(await cluster.miniCluster(target));
  await cluster.scale(target, size);
  process.stdout.write(`minicluster.flux-framework.org/${target.name} scaled\n`);
  if (!options.wait) {
    if (size > most) process.stderr.write(`ebb: ${size} is above the maximum of ${most}: the operator puts it back\n`);
    return 0;
  }
  const stage = terminalProgress().stage(`${brokers(size)} up`);
  const outcome = await waitForBrokers(cluster, target, size, (text) => stage.waitingFor(text));
  if (outcome.denied) {
    stage.failed(outcome.denied);
    return 1;
  }
  if (outcome.ended) {
    stage.failed(`no broker is to come: ${outcome.ended}`);
    return 1;
  }
  stage.done();
  return 0;
}

function sizeOf(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  const shown = text === '' ? '""' : text;
  throw new Error(`SIZE ${shown}: a MiniCluster's size is a whole number from 1 to its maximum`);
}

/** The largest size that the operator accepts now, as far as it has said so. */
function maximumOf({ status }: KubernetesObject): number {
  return (status as { maximumSize?: number } | undefined)?.maximumSize ?? Number.POSITIVE_INFINITY;
}
