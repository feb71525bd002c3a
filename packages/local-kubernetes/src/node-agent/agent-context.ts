// What the parts of a node agent share.

import type { KubernetesClient } from '../client/kubernetes-client.ts';
import type { EventWriter } from '../controllers/controller-context.ts';
import type { AgentRights } from './host/agent-rights.ts';
import type { ControlGroups } from './host/cgroup.ts';
import type { PodNetwork } from './network/pod-network.ts';
import type { Pod } from './pod-types.ts';
import type { NetworkPolicies } from './policies/network-policies.ts';
import type { FollowedObjects } from './references/followed-objects.ts';
import type { ImageMapping } from './roots/image-table.ts';

export interface AgentContext {
  readonly client: KubernetesClient;
  readonly now: () => Date;
  readonly log: (text: string) => void;
  /** Events as the kubelet of a node writes them. */
  events(nodeName: string): EventWriter;
  /** What volumes of pods are kept by. */
  readonly followed: FollowedObjects;
  readonly images: readonly ImageMapping[];
  /** Absent where this machine lets us make none: then pods share its network. */
  readonly network?: PodNetwork;
  /** Absent where the API does not let this agent read them. */
  readonly policies?: NetworkPolicies;
  /** Absent where this machine lets us make none: then limits are not kept. */
  readonly groups?: ControlGroups;
  readonly hostIP: string;
  /** What a node gives to pods. */
  allocatable(nodeName: string): Readonly<Record<string, string>>;
  /** Pods of a node that it has taken and that have not ended, in the agent's own words. */
  heldBy(nodeName: string): readonly Pod[];
  /** Holds a folder for each pod, by its uid. */
  readonly podsFolder: string;
  readonly rights: AgentRights;
  /** Tells what this agent makes on the machine from what others make. */
  readonly agentKey: string;
  /** How pods reach the API, as `KUBERNETES_SERVICE_HOST` and port say. */
  readonly apiAddress: { readonly host: string; readonly port: number };
  /** The text of a pod's /etc/hosts now. */
  hostsOf(pod: Pod, address: string, hostname: string): string;
  /** A pod has got its address, before the API knows. */
  addressKnown(pod: Pod, address: string): void;
}
