/** What an instance says of itself, for the `instance.*` fields of the job that it runs in. */
import { connect, resourceList } from '@ebb/flux-client';
import type { InstanceFields } from './job-fields.ts';
import { jobStatistics } from './job-statistics.ts';

/** Nothing when the instance cannot be reached. */
export async function instanceFields(uri: string): Promise<InstanceFields> {
  const fields = new Map<string, unknown>();
  try {
    const flux = await connect(uri);
    try {
      const [counts, resources] = await Promise.all([jobStatistics(flux), resourceList(flux)]);
      const up = resources.all.subtract(resources.down);
      for (const [name, set] of Object.entries({ ...resources, up })) {
        fields.set(`resources.${name}.nnodes`, set.nodeCount);
        fields.set(`resources.${name}.ncores`, set.coreCount);
        fields.set(`resources.${name}.ngpus`, set.gpuCount);
      }
      for (const [name, value] of Object.entries(counts)) fields.set(`stats.${name}`, value);
      const { pending, running, successful, failed } = counts;
      fields.set('stats', `PD:${pending} R:${running} CD:${successful} F:${failed}`);
      const { all, allocated } = resources;
      if (all.coreCount > 0) fields.set('utilization', allocated.coreCount / all.coreCount);
      if (all.gpuCount > 0) fields.set('gpu_utilization', allocated.gpuCount / all.gpuCount);
      if (counts.total > 0) fields.set('progress', counts.inactive / counts.total);
    } finally {
      await flux.close();
    }
  } catch {
    return fields;
  }
  return fields;
}
