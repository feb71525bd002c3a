/** Everything that a MiniCluster becomes, in the order in which it is made. */
import type { ResolvedMiniCluster } from '../resolve/resolved.ts';
import type { KubernetesObject } from '../schema/minicluster.ts';
import { configMapObject, type KnownQuorum, quorumOf } from './config-map.ts';
import { jobObject } from './job.ts';
import { networkPolicyObject } from './network-policy.ts';
import { type Registration, registrationOf } from './registration.ts';
import { secretObject } from './secret.ts';
import { brokerService, sidecarServices } from './service.ts';
import { servicePod } from './service-pod.ts';

/** What is known beyond the spec. */
export interface DesiredContext {
  /** Text of the CURVE certificate of this cluster. */
  certificate: string;
  /** What was settled when the brokers started; for a new cluster, what follows from its spec. */
  registration?: Registration;
  /** What is known of the quorum, where the Job is there already. */
  quorum?: KnownQuorum;
  /** Whether to fence the brokers' port off. */
  networkPolicy?: boolean;
  /** Domain of the cluster's names where the pods cannot find it out. Default: cluster.local. */
  clusterDomain?: string;
}

/** The objects of a MiniCluster. Pure: the same input yields the same objects. */
export function desiredObjects(cluster: ResolvedMiniCluster, context: DesiredContext): KubernetesObject[] {
  const registration = context.registration ?? registrationOf(cluster, undefined, undefined);
  const pod = servicePod(cluster);
  const size = Math.min(cluster.size, registration.maximum);
  return [
    ...(cluster.flux.curveCertSecret ? [] : [secretObject(cluster, context.certificate)]),
    configMapObject(cluster, registration, quorumOf(cluster, registration, context.quorum), context.clusterDomain),
    brokerService(cluster),
    ...sidecarServices(cluster),
    ...(context.networkPolicy ? [networkPolicyObject(cluster)] : []),
    jobObject(cluster, registration, size),
    ...(pod ? [pod] : []),
  ];
}
