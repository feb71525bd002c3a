/** The kinds of Kubernetes itself that this API server serves. What is not here is refused by name. */

import { toFirstVersion, toSecondVersion } from './autoscaler-versions.ts';
import { podColumns } from './columns/pod.ts';
import { endpointSliceColumns, endpointsColumns, serviceColumns } from './columns/services.ts';
import * as small from './columns/small-kinds.ts';
import { autoscalerColumns, disruptionBudgetColumns, jobColumns, nodeColumns } from './columns/workloads.ts';
import { toCoreEvent, toNewEvent } from './event-versions.ts';
import type { Kind } from './kind.ts';
import { type KindEntry, kindOf, reviewVerbs, withoutCollectionDelete } from './kind-entry.ts';
import { kindsNotRun } from './kinds-not-run.ts';

const core = (entry: KindEntry) => kindOf('', 'v1', 'core', entry);
const rbac = (entry: KindEntry) => kindOf('rbac.authorization.k8s.io', 'v1', 'rbac', entry);
const authorization = (kind: string, isClusterWide: boolean) =>
  kindOf('authorization.k8s.io', 'v1', 'authorization', { kind, isClusterWide, verbs: reviewVerbs });
const authentication = (kind: string) =>
  kindOf('authentication.k8s.io', 'v1', 'authentication', { kind, isClusterWide: true, verbs: reviewVerbs });

const autoscaler: KindEntry = {
  kind: 'HorizontalPodAutoscaler',
  shortNames: ['hpa'],
  categories: ['all'],
  status: true,
  columns: autoscalerColumns,
};
const upgradeVerbs = ['create', 'get'] as const;
const eventSelectors = [
  'involvedObject.kind',
  'involvedObject.namespace',
  'involvedObject.name',
  'involvedObject.uid',
  'involvedObject.apiVersion',
  'involvedObject.resourceVersion',
  'involvedObject.fieldPath',
  'reason',
  'reportingComponent',
  'source',
  'type',
] as const;

/** The names events.k8s.io has for the same fields. */
const regardingSelectors = eventSelectors
  .filter((field) => field.startsWith('involvedObject.'))
  .map((field) => field.replace('involvedObject', 'regarding'));

const coreKinds: readonly Kind[] = [
  core({ kind: 'Binding', verbs: reviewVerbs }),
  core({ kind: 'ConfigMap', shortNames: ['cm'], columns: small.configMapColumns }),
  core({
    kind: 'Endpoints',
    plural: 'endpoints',
    shortNames: ['ep'],
    columns: endpointsColumns,
    deprecationWarning: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  }),
  core({ kind: 'Event', shortNames: ['ev'], columns: small.eventColumns, fieldSelectors: eventSelectors }),
  core({ kind: 'LimitRange', shortNames: ['limits'] }),
  core({
    kind: 'Namespace',
    shortNames: ['ns'],
    isClusterWide: true,
    verbs: withoutCollectionDelete,
    status: true,
    others: [{ name: 'finalize', verbs: ['update'] }],
    columns: small.namespaceColumns,
    fieldSelectors: ['status.phase'],
  }),
  core({
    kind: 'Node',
    shortNames: ['no'],
    isClusterWide: true,
    status: true,
    columns: nodeColumns,
    fieldSelectors: ['spec.unschedulable'],
  }),
  core({ kind: 'PersistentVolumeClaim', shortNames: ['pvc'], status: true, columns: small.claimColumns }),
  core({
    kind: 'PersistentVolume',
    shortNames: ['pv'],
    isClusterWide: true,
    status: true,
    columns: small.volumeColumns,
  }),
  core({
    kind: 'Pod',
    shortNames: ['po'],
    categories: ['all'],
    status: true,
    others: [
      { name: 'attach', kind: 'PodAttachOptions', verbs: upgradeVerbs },
      { name: 'binding', kind: 'Binding', verbs: ['create'] },
      { name: 'ephemeralcontainers', verbs: ['get', 'patch', 'update'] },
      { name: 'eviction', group: 'policy', version: 'v1', kind: 'Eviction', verbs: ['create'] },
      { name: 'exec', kind: 'PodExecOptions', verbs: upgradeVerbs },
      { name: 'log', verbs: ['get'] },
      { name: 'portforward', kind: 'PodPortForwardOptions', verbs: upgradeVerbs },
    ],
    columns: podColumns,
    fieldSelectors: [
      'spec.nodeName',
      'spec.restartPolicy',
      'spec.schedulerName',
      'spec.serviceAccountName',
      'spec.hostNetwork',
      'status.phase',
      'status.podIP',
      'status.nominatedNodeName',
    ],
  }),
  core({ kind: 'ResourceQuota', shortNames: ['quota'], status: true, columns: small.quotaColumns }),
  core({ kind: 'Secret', columns: small.secretColumns, fieldSelectors: ['type'] }),
  core({
    kind: 'ServiceAccount',
    shortNames: ['sa'],
    others: [{ name: 'token', group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest', verbs: ['create'] }],
    columns: small.plainColumns,
  }),
  core({
    kind: 'Service',
    shortNames: ['svc'],
    categories: ['all'],
    status: true,
    columns: serviceColumns,
    fieldSelectors: ['spec.clusterIP', 'spec.type'],
  }),
];

const otherKinds: readonly Kind[] = [
  kindOf('apiextensions.k8s.io', 'v1', 'apiextensions', {
    kind: 'CustomResourceDefinition',
    shortNames: ['crd', 'crds'],
    categories: ['api-extensions'],
    isClusterWide: true,
    status: true,
  }),
  authentication('SelfSubjectReview'),
  authentication('TokenReview'),
  authorization('LocalSubjectAccessReview', false),
  authorization('SelfSubjectAccessReview', true),
  authorization('SelfSubjectRulesReview', true),
  authorization('SubjectAccessReview', true),
  kindOf('autoscaling', 'v2', 'autoscalingv2', autoscaler),
  kindOf('autoscaling', 'v1', 'autoscalingv1', {
    ...autoscaler,
    conversion: { toStored: toSecondVersion, fromStored: toFirstVersion },
    storageVersion: 'v2',
  }),
  kindOf('batch', 'v1', 'batch', {
    kind: 'Job',
    categories: ['all'],
    status: true,
    columns: jobColumns,
    fieldSelectors: ['status.successful'],
  }),
  kindOf('coordination.k8s.io', 'v1', 'coordination', { kind: 'Lease', columns: small.leaseColumns }),
  kindOf('discovery.k8s.io', 'v1', 'discovery', { kind: 'EndpointSlice', columns: endpointSliceColumns }),
  kindOf('events.k8s.io', 'v1', 'events', {
    kind: 'Event',
    shortNames: ['ev'],
    columns: small.eventColumns,
    fieldSelectors: [...eventSelectors, ...regardingSelectors],
    storedAs: { group: '', plural: 'events' },
    conversion: { toStored: toCoreEvent, fromStored: toNewEvent },
  }),
  kindOf('networking.k8s.io', 'v1', 'networking', {
    kind: 'NetworkPolicy',
    plural: 'networkpolicies',
    shortNames: ['netpol'],
    columns: small.networkPolicyColumns,
  }),
  kindOf('node.k8s.io', 'v1', 'node', {
    kind: 'RuntimeClass',
    plural: 'runtimeclasses',
    isClusterWide: true,
    columns: small.runtimeClassColumns,
  }),
  kindOf('policy', 'v1', 'policy', {
    kind: 'PodDisruptionBudget',
    shortNames: ['pdb'],
    status: true,
    columns: disruptionBudgetColumns,
  }),
  rbac({ kind: 'ClusterRoleBinding', isClusterWide: true, columns: small.bindingColumns }),
  rbac({ kind: 'ClusterRole', isClusterWide: true }),
  rbac({ kind: 'RoleBinding', columns: small.bindingColumns }),
  rbac({ kind: 'Role' }),
  kindOf('scheduling.k8s.io', 'v1', 'scheduling', {
    kind: 'PriorityClass',
    plural: 'priorityclasses',
    shortNames: ['pc'],
    isClusterWide: true,
    columns: small.priorityClassColumns,
  }),
  kindOf('storage.k8s.io', 'v1', 'storage', {
    kind: 'StorageClass',
    plural: 'storageclasses',
    shortNames: ['sc'],
    isClusterWide: true,
    columns: small.storageClassColumns,
  }),
];

/** What is sent to a subresource and never stored. */
export const sentKinds = {
  eviction: kindOf('policy', 'v1', 'policy', { kind: 'Eviction', verbs: reviewVerbs }),
  scale: kindOf('autoscaling', 'v1', 'autoscalingv1', { kind: 'Scale', verbs: ['get', 'patch', 'update'] }),
  tokenRequest: kindOf('authentication.k8s.io', 'v1', 'authentication', { kind: 'TokenRequest', verbs: reviewVerbs }),
};

export const builtInKinds: readonly Kind[] = [...coreKinds, ...otherKinds, ...kindsNotRun];
