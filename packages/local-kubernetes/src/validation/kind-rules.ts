/** What each built-in kind adds to the common path. */

import { definitionRules } from '../custom-resources/definition-rules.ts';
import type { Kind } from '../kinds/kind.ts';
import * as access from './access-rules.ts';
import type { KindRules } from './built-in-strategy.ts';
import * as configuration from './configuration-rules.ts';
import { eventRules } from './event-rules.ts';
import { jobRules } from './jobs/job-rules.ts';
import { nodeRules } from './node-rules.ts';
import { podRules } from './pods/pod-rules.ts';
import { autoscalerRules, firstAutoscalerRules } from './policies/autoscaler-rules.ts';
import { disruptionBudgetRules } from './policies/budget-rules.ts';
import { limitRangeRules } from './policies/limit-range-rules.ts';
import { networkPolicyRules } from './policies/network-policy-rules.ts';
import { quotaRules } from './policies/quota-rules.ts';
import { serviceRules } from './services/service-rules.ts';
import { sliceRules } from './services/slice-rules.ts';
import * as small from './small-rules.ts';
import { claimRules } from './storage/claim-rules.ts';
import { storageClassRules } from './storage/class-rules.ts';
import { volumeRules } from './storage/volume-rules.ts';

const rbac = 'rbac.authorization.k8s.io';

const rules: Record<string, KindRules> = {
  '/ConfigMap': configuration.configMapRules,
  '/Endpoints': { allowCreateOnUpdate: true },
  '/Event': eventRules,
  '/LimitRange': limitRangeRules,
  '/Namespace': configuration.namespaceRules,
  '/Node': nodeRules,
  '/PersistentVolume': volumeRules,
  '/PersistentVolumeClaim': claimRules,
  '/Pod': podRules,
  '/ResourceQuota': quotaRules,
  '/Secret': configuration.secretRules,
  '/Service': serviceRules,
  'apiextensions.k8s.io/CustomResourceDefinition': definitionRules,
  'autoscaling/HorizontalPodAutoscaler': autoscalerRules,
  'batch/Job': jobRules,
  'coordination.k8s.io/Lease': small.leaseRules,
  'discovery.k8s.io/EndpointSlice': sliceRules,
  'events.k8s.io/Event': eventRules,
  'networking.k8s.io/NetworkPolicy': networkPolicyRules,
  'node.k8s.io/RuntimeClass': small.runtimeClassRules,
  'policy/PodDisruptionBudget': disruptionBudgetRules,
  [`${rbac}/ClusterRole`]: access.clusterRoleRules,
  [`${rbac}/ClusterRoleBinding`]: access.clusterRoleBindingRules,
  [`${rbac}/Role`]: access.roleRules,
  [`${rbac}/RoleBinding`]: access.roleBindingRules,
  'scheduling.k8s.io/PriorityClass': small.priorityClassRules,
  'storage.k8s.io/StorageClass': storageClassRules,
};

/** Of versions that have rules of their own. */
const rulesOfVersions: Record<string, KindRules> = { 'autoscaling/v1/HorizontalPodAutoscaler': firstAutoscalerRules };

export function rulesOf({ group, version, kind }: Pick<Kind, 'group' | 'version' | 'kind'>): KindRules {
  return rulesOfVersions[`${group}/${version}/${kind}`] ?? rules[`${group}/${kind}`] ?? {};
}
