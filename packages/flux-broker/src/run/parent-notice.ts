// What rank 0 of an instance within a job tells the instance around it: where the instance can be reached, and which
// nodes of the job it cannot be without (flux-core: broker/bootstrap.c).
import { connect } from '@ebb/flux-client';
import { Idset, parseFluid, Taskmap } from '@ebb/flux-formats';
import type { Attributes } from '../module.ts';

/** @throws Error naming what the parent did not take */
export async function notifyParent(attributes: Attributes, hostname: string): Promise<void> {
  const parentUri = attributes.get('parent-uri');
  const jobid = attributes.get('jobid');
  const localUri = attributes.get('local-uri');
  if (parentUri === undefined || jobid === undefined || localUri === undefined) return;
  const id = parseFluid(jobid);
  const parent = await connect(parentUri);
  try {
    const uri = `ssh://${hostname}${localUri.slice('local://'.length)}`;
    const memo = parent.rpc('job-manager.memo', { id, memo: { uri } });
    const ranks = criticalNodes(attributes);
    // An execution service that knows no critical ranks is no error.
    const critical = ranks === undefined ? undefined : parent.rpc('job-exec.critical-ranks', { id, ranks });
    critical?.catch(() => {});
    await memo.catch((error: Error) => {
      throw new Error(`job-manager.memo uri: ${error.message}`, { cause: error });
    });
    await critical?.catch((error: Error & { code?: string }) => {
      if (error.code !== 'ENOSYS') throw new Error(`job-exec.critical-ranks: ${error.message}`, { cause: error });
    });
  } finally {
    await parent.close();
  }
}

/** Nodes of the job, counted from 0, on which brokers run that others depend on; undefined where that is not known. */
export function criticalNodes(attributes: Pick<Attributes, 'get'>): string | undefined {
  const mapping = attributes.get('broker.mapping');
  const ranks = attributes.get('broker.critical-ranks');
  if (mapping === undefined || ranks === undefined) return undefined;
  const map = Taskmap.parse(mapping);
  const nodes = [...Idset.parse(ranks)].map((rank) => map.nodeOf(rank));
  return nodes.includes(undefined) ? undefined : Idset.of(nodes as number[]).toString();
}
