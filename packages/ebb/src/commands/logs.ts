/** `ebb logs NAME`: the log of the container that runs Flux, of rank 0 or of another. */
import { pipeline } from 'node:stream/promises';
import { type ClusterOptions, openCluster } from '../cluster/open-cluster.ts';
import { interruptedStatus, interruption } from '../terminal/interruption.ts';
import { namedCluster, wholeNumber } from './options.ts';

export interface LogsOptions extends ClusterOptions {
  readonly follow?: boolean;
  readonly tail?: string;
  readonly rank?: string;
  readonly container?: string;
  readonly previous?: boolean;
}

export async function logs(name: string, options: LogsOptions): Promise<number> {
  const rank = wholeNumber('--rank', options.rank ?? '0', 0);
  const tailLines = options.tail === undefined ? undefined : wholeNumber('--tail', options.tail, 0);
  const cluster = openCluster(options);
  const target = await namedCluster(cluster, name, options);
  const { pod, container } = await cluster.container(target, String(rank), options.container);
  const wanted = {
    container,
    follow: options.follow ?? false,
    previous: options.previous ?? false,
    ...(tailLines === undefined ? {} : { tailLines }),
  };
  const signal = interruption();
  try {
    const log = await cluster.logs(target.namespace, pod, wanted, signal);
    await pipeline(log, process.stdout, { end: false });
    return 0;
  } catch (error) {
    if (signal.aborted && (error as NodeJS.ErrnoException).code !== 'EPIPE') return interruptedStatus;
    throw error;
  }
}
