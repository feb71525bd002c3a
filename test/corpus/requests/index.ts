import type { CorpusRequest } from '../corpus-request.ts';
import { accessRequests } from './access.ts';
import { configMapRequests } from './config-maps.ts';
import { customResourceRequests } from './custom-resources.ts';
import { deletionRequests } from './deletion.ts';
import { encodingRequests } from './encodings.ts';
import { jobRequests } from './jobs.ts';
import { kindRequests } from './kinds.ts';
import { listRequests } from './lists.ts';
import { patchRequests } from './patches.ts';
import { pathRequests } from './paths.ts';
import { subresourceRequests } from './subresources.ts';
import { verbRequests } from './verbs.ts';
import { versionRequests } from './versions.ts';
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
  verbs: verbRequests,
  encodings: encodingRequests,
  subresources: subresourceRequests,
  kinds: kindRequests,
  jobs: jobRequests,
  versions: versionRequests,
};
