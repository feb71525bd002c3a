import type { CorpusRequest } from '../corpus-request.ts';
import { accessRequests } from './access.ts';
import { configMapRequests } from './config-maps.ts';
import { customResourceRequests } from './custom-resources.ts';
import { deletionRequests } from './deletion.ts';
import { listRequests } from './lists.ts';
import { patchRequests } from './patches.ts';
import { pathRequests } from './paths.ts';
import { workloadRequests } from './workloads.ts';

/** The corpus by topic; each topic makes and clears away what it needs. */
export const topics: Readonly<Record<string, readonly CorpusRequest[]>> = {
  paths: pathRequests,
  configMaps: configMapRequests,
  lists: listRequests,
  patches: patchRequests,
  deletion: deletionRequests,
  workloads: workloadRequests,
  customResources: customResourceRequests,
  access: accessRequests,
};
