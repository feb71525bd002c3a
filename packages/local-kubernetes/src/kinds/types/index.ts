/** Every type table, with the package of the Kubernetes API it belongs to. */
import { apiextensionsTypes } from './apiextensions.ts';
import { appsTypes } from './apps.ts';
import { authenticationTypes } from './authentication.ts';
import { authorizationTypes } from './authorization.ts';
import { autoscalingV1Types } from './autoscaling-v1.ts';
import { autoscalingV2Types } from './autoscaling-v2.ts';
import { batchTypes } from './batch.ts';
import { containersTypes } from './containers.ts';
import { coordinationTypes } from './coordination.ts';
import { coreTypes } from './core.ts';
import { discoveryTypes } from './discovery.ts';
import { eventsTypes } from './events.ts';
import { ingressesTypes } from './ingresses.ts';
import { metaTypes } from './meta.ts';
import { networkingTypes } from './networking.ts';
import { nodeTypes } from './node.ts';
import { nodesTypes } from './nodes.ts';
import { persistentVolumesTypes } from './persistent-volumes.ts';
import { podSpecTypes } from './pod-spec.ts';
import { podStatusTypes } from './pod-status.ts';
import { policyTypes } from './policy.ts';
import { rbacTypes } from './rbac.ts';
import { replicationControllersTypes } from './replication-controllers.ts';
import { schedulingTypes } from './scheduling.ts';
import { servicesTypes } from './services.ts';
import { storageTypes } from './storage.ts';
import { volumesTypes } from './volumes.ts';

export const typeTables: readonly (readonly [packageName: string, table: string])[] = [
  ['apiextensions', apiextensionsTypes],
  ['apps', appsTypes],
  ['authentication', authenticationTypes],
  ['authorization', authorizationTypes],
  ['autoscalingv1', autoscalingV1Types],
  ['autoscalingv2', autoscalingV2Types],
  ['batch', batchTypes],
  ['core', containersTypes],
  ['coordination', coordinationTypes],
  ['core', coreTypes],
  ['discovery', discoveryTypes],
  ['events', eventsTypes],
  ['networking', ingressesTypes],
  ['meta', metaTypes],
  ['networking', networkingTypes],
  ['node', nodeTypes],
  ['core', nodesTypes],
  ['core', persistentVolumesTypes],
  ['core', podSpecTypes],
  ['core', podStatusTypes],
  ['policy', policyTypes],
  ['rbac', rbacTypes],
  ['core', replicationControllersTypes],
  ['scheduling', schedulingTypes],
  ['core', servicesTypes],
  ['storage', storageTypes],
  ['core', volumesTypes],
];
