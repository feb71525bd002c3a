/** The MiniCluster API, pure: schema, CRD, defaults, validation, desired objects, scaling decision. */
export { customResourceDefinition } from './crd/custom-resource-definition.ts';
export { fieldPathsSinceMinor, withoutFieldPaths } from './crd/field-paths.ts';
export { brokerPort, excludedRanks } from './objects/broker-config.ts';
export { makeCertificate } from './objects/certificate.ts';
export { quorumOf } from './objects/config-map.ts';
export { type DesiredContext, desiredObjects } from './objects/desired-objects.ts';
export {
  clusterLabel,
  indexLabel,
  ownedLabels,
  podSelector,
  scaleSelector,
  upstreamIndexLabel,
} from './objects/labels.ts';
export { ownerReference } from './objects/owner-reference.ts';
export {
  capacityAnnotation,
  firstSizeAnnotation,
  type Registration,
  registrationOf,
  specHashAnnotation,
} from './objects/registration.ts';
export { certificateSecret } from './objects/secret.ts';
export { specHash } from './objects/spec-hash.ts';
export { normalize } from './resolve/normalize.ts';
export type { Autoscale, Mode, ResolvedContainer, ResolvedMiniCluster } from './resolve/resolved.ts';
export { type FieldProblem, validate } from './resolve/validate.ts';
export { decideScale, type ScaleDecision, type ScaleInput } from './scaling/decide-scale.ts';
export {
  apiGroup,
  type KubernetesObject,
  kind,
  type MiniCluster,
  type MiniClusterSpec,
  type ObjectMeta,
  storedVersion,
} from './schema/minicluster.ts';
export type { Condition, LastResize, MiniClusterStatus, ProgramStatus } from './schema/status.ts';
