/** `ebb logs NAME`: the log of the container that runs Flux, of rank 0 or of another. */
import { PassThrough } from 'node:stream';
import { type ClusterOptions, openCluster } from '../cluster/open-cluster.ts';
import { namedCluster } from './options.ts';

export interface LogsOptions extends ClusterOptions {
  readonly follow?: boolean;
  readonly tail?: string;
  readonly rank?: string;
  readonly container?: string;
  readonly previous?: boolean;
}

export async function logs(name: string, options: LogsOptions): Promise<number> {
  const cluster = openCluster(options);
  const target = await namedCluster(cluster, name, options);
  const rank = options.rank ?? '0';
  if (!/^\d+$/.test(rank)) throw new Error(`--rank ${rank}: use a whole number from 0`);
  const tailLines = options.tail === undefined ? undefined : Number(options.tail);
  if (tailLines !== undefined && !(Number.isInteger(tailLines) && tailLines >= 0)) {
    throw new Error(`--tail ${options.tail}: use a whole number of lines`);
  }
  const pod = await cluster.podOfRank(target, rank);
  const output = new PassThrough();
  output.pipe(process.stdout, { end: false });
  const abort = new AbortController();
  process.once('SIGINT', () => abort.abort());
  await cluster.logs(
    target.namespace,
    pod,
    options.container ?? target.name,
    output,
    {
      follow: options.follow ?? false,
      previous: options.previous ?? false,
      ...(tailLines === undefined ? {} : { tailLines }),
    },
    abort.signal,
  );
  return 0;
}
