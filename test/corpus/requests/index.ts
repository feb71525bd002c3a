import type { CorpusRequest } from '../corpus-request.ts';
import { accessRequests } from './access.ts';
import { configMapRequests } from './config-maps.ts';
import { creatingUpdateRequests } from './creating-updates.ts';
import { customResourceRequests } from './custom-resources.ts';
import { definitionRequests } from './definitions/definitions.ts';
import { versionRequests } from './definitions/versions.ts';
import { deletionRequests } from './deletion.ts';
import { encodingRequests } from './encodings.ts';
import { inheritedNameRequests } from './inherited-names.ts';
import { jobRequests } from './jobs.ts';
import { autoscalerRequests } from './kinds/autoscalers.ts';
import { containerRequests } from './kinds/containers.ts';
import { emptyTextRequests } from './kinds/empty-texts.ts';
import { kindRequests } from './kinds/kinds.ts';
import { limitRequests } from './kinds/limits.ts';
import { nodePortRequests } from './kinds/node-ports.ts';
import { podSecurityRequests } from './kinds/pod-security.ts';
import { podRequests } from './kinds/pods.ts';
import { policyRequests } from './kinds/policies.ts';
import { quotaRequests } from './kinds/quotas.ts';
import { serviceRequests } from './kinds/services.ts';
import { storageRequests } from './kinds/storage.ts';
import { tableRequests } from './kinds/tables.ts';
import { listRequests } from './lists.ts';
import { managerRequests } from './managers.ts';
import { patchRequests } from './patches.ts';
import { pathRequests } from './paths.ts';
import { readingRequests } from './reading.ts';
import { subresourceRequests } from './subresources.ts';
import { verbRequests } from './verbs.ts';
import { workloadRequests } from './workloads.ts';

/** The corpus by topic; each topic makes and clears away what it needs. */
export const topics: Readonly<Record<string, readonly CorpusRequest[]>> = {
  paths: pathRequests,
  configMaps: configMapRequests,
  lists: listRequests,
  patches: patchRequests,
  managers: managerRequests,
  reading: readingRequests,
  inheritedNames: inheritedNameRequests,
  creatingUpdates: creatingUpdateRequests,
  deletion: deletionRequests,
  workloads: workloadRequests,
  customResources: customResourceRequests,
  access: accessRequests,
  verbs: verbRequests,
  encodings: encodingRequests,
  subresources: subresourceRequests,
  kinds: kindRequests,
  emptyTexts: emptyTextRequests,
  containers: containerRequests,
  pods: podRequests,
  podSecurity: podSecurityRequests,
  services: serviceRequests,
  nodePorts: nodePortRequests,
  storage: storageRequests,
  policies: policyRequests,
  autoscalers: autoscalerRequests,
  limits: limitRequests,
  quotas: quotaRequests,
  tables: tableRequests,
  jobs: jobRequests,
  definitions: definitionRequests,
  versions: versionRequests,
};
