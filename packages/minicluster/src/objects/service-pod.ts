/** The one pod of spec.services, beside the cluster and under a name of its own. */
import type { ResolvedMiniCluster } from '../resolve/resolved.ts';
import type { KubernetesObject } from '../schema/minicluster.ts';
import { serviceContainer } from './containers.ts';
import { imagePullSecrets, podFields } from './job.ts';
import { podLabels, upstreamIndexLabel } from './labels.ts';
import { ownerReference } from './owner-reference.ts';
import { userVolumes } from './volumes.ts';

/** The pod, or undefined without services. */
export function servicePod(cluster: ResolvedMiniCluster): KubernetesObject | undefined {
  if (cluster.services.length === 0) return undefined;
  const { pod } = cluster;
  const name = `${cluster.name}-services`;
  const user = userVolumes(cluster.services, []);
  const pullSecrets = imagePullSecrets(cluster, cluster.services);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: cluster.namespace,
      ...(Object.keys(pod.annotations).length > 0 ? { annotations: pod.annotations } : {}),
      // job-name makes the headless Service give it a name; it belongs to no Job.
      labels: { ...podLabels(cluster), 'job-name': cluster.name, [upstreamIndexLabel]: 'services' },
      ownerReferences: [ownerReference(cluster)],
    },
    spec: {
      hostname: name,
      subdomain: cluster.headlessName,
      setHostnameAsFQDN: false,
      ...podFields(cluster),
      restartPolicy: pod.restartPolicy === 'Never' ? 'OnFailure' : pod.restartPolicy,
      ...(pod.schedulerName ? { schedulerName: pod.schedulerName } : {}),
      ...(pod.tolerations.length > 0 ? { tolerations: pod.tolerations } : {}),
      ...(Object.keys(pod.securityContext).length > 0 ? { securityContext: pod.securityContext } : {}),
      ...(pullSecrets.length > 0 ? { imagePullSecrets: pullSecrets } : {}),
      containers: cluster.services.map((each) => serviceContainer(each, user.mounts.get(each) ?? [])),
      ...(user.volumes.length > 0 ? { volumes: user.volumes } : {}),
    },
  };
}
