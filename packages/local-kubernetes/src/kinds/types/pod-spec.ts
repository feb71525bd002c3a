/** What a pod asks for: fields in the notation of `notation.ts`. Facts from the Kubernetes 1.35 API reference. */
export const podSpecTypes = `
Sysctl
name 1 string * +
value 2 string * +

PodSecurityContext
seLinuxOptions 1 SELinuxOptions?
windowsOptions 8 WindowsSecurityContextOptions?
runAsUser 2 int64?
runAsGroup 6 int64?
runAsNonRoot 3 bool?
supplementalGroups 4 [int64] atomic
supplementalGroupsPolicy 12 string:SupplementalGroupsPolicy? enum=Merge|Strict
fsGroup 5 int64?
sysctls 7 [Sysctl] atomic
fsGroupChangePolicy 9 string:PodFSGroupChangePolicy? enum=Always|OnRootMismatch
seccompProfile 10 SeccompProfile?
appArmorProfile 11 AppArmorProfile?
seLinuxChangePolicy 13 string:PodSELinuxChangePolicy?

NodeSelectorRequirement
key 1 string * +
operator 2 string:NodeSelectorOperator * + enum=DoesNotExist|Exists|Gt|In|Lt|NotIn
values 3 [string] atomic

NodeSelectorTerm atomic
matchExpressions 1 [NodeSelectorRequirement] atomic
matchFields 2 [NodeSelectorRequirement] atomic

NodeSelector atomic
nodeSelectorTerms 1 [NodeSelectorTerm] * + atomic

PreferredSchedulingTerm
weight 1 int32 * +
preference 2 NodeSelectorTerm * +

NodeAffinity
requiredDuringSchedulingIgnoredDuringExecution 1 NodeSelector?
preferredDuringSchedulingIgnoredDuringExecution 2 [PreferredSchedulingTerm] atomic

PodAffinityTerm
labelSelector 1 meta.LabelSelector?
namespaces 2 [string] atomic
topologyKey 3 string * +
namespaceSelector 4 meta.LabelSelector?
matchLabelKeys 5 [string] atomic
mismatchLabelKeys 6 [string] atomic

WeightedPodAffinityTerm
weight 1 int32 * +
podAffinityTerm 2 PodAffinityTerm * +

PodAffinity
requiredDuringSchedulingIgnoredDuringExecution 1 [PodAffinityTerm] atomic
preferredDuringSchedulingIgnoredDuringExecution 2 [WeightedPodAffinityTerm] atomic

PodAntiAffinity
requiredDuringSchedulingIgnoredDuringExecution 1 [PodAffinityTerm] atomic
preferredDuringSchedulingIgnoredDuringExecution 2 [WeightedPodAffinityTerm] atomic

Affinity
nodeAffinity 1 NodeAffinity?
podAffinity 2 PodAffinity?
podAntiAffinity 3 PodAntiAffinity?

Toleration
key 1 string
operator 2 string:TolerationOperator enum=Equal|Exists|Gt|Lt
value 3 string
effect 4 string:TaintEffect enum=NoExecute|NoSchedule|PreferNoSchedule
tolerationSeconds 5 int64?

HostAlias
ip 1 string * +
hostnames 2 [string] atomic

PodDNSConfigOption
name 1 string
value 2 string?

PodDNSConfig
nameservers 1 [string] atomic
searches 2 [string] atomic
options 3 [PodDNSConfigOption] atomic

PodReadinessGate
conditionType 1 string:PodConditionType * +

TopologySpreadConstraint
maxSkew 1 int32 * +
topologyKey 2 string * +
whenUnsatisfiable 3 string:UnsatisfiableConstraintAction * + enum=DoNotSchedule|ScheduleAnyway
labelSelector 4 meta.LabelSelector?
minDomains 5 int32?
nodeAffinityPolicy 6 string:NodeInclusionPolicy? enum=Honor|Ignore
nodeTaintsPolicy 7 string:NodeInclusionPolicy? enum=Honor|Ignore
matchLabelKeys 8 [string] atomic

PodOS
name 1 string:OSName * +

PodSchedulingGate
name 1 string * +

PodResourceClaim
name 1 string * +
resourceClaimName 3 string?
resourceClaimTemplateName 4 string?

WorkloadReference
name 1 string * +
podGroup 2 string * +
podGroupReplicaKey 3 string

PodSpec # What a pod runs, where it may run, and what happens when its containers end.
volumes 1 [Volume] map=name patch=merge,retainKeys:name # Volumes the containers may mount.
initContainers 20 [Container] map=name patch=merge:name # Containers that run one after the other, each to its end, before the others start.
containers 2 [Container] * + map=name patch=merge:name # The containers of the pod; at least one.
ephemeralContainers 34 [EphemeralContainer] map=name patch=merge:name # Containers added to a running pod to look into it.
restartPolicy 3 string:RestartPolicy enum=Always|Never|OnFailure # Whether containers that end are started again: Always, OnFailure or Never.
terminationGracePeriodSeconds 4 int64? # Seconds between the request to end and the kill. Default 30.
activeDeadlineSeconds 5 int64? # Seconds after which the pod is failed, counted from its start.
dnsPolicy 6 string:DNSPolicy enum=ClusterFirst|ClusterFirstWithHostNet|Default|None # Where names are looked up.
nodeSelector 7 {string} atomic # Labels a node must have.
serviceAccountName 8 string # The account whose token the containers get.
serviceAccount 9 string
automountServiceAccountToken 21 bool?
nodeName 10 string # The node the pod is bound to.
hostNetwork 11 bool # Use the node's own network.
hostPID 12 bool
hostIPC 13 bool
shareProcessNamespace 27 bool?
securityContext 14 PodSecurityContext? # Users and groups for all containers.
imagePullSecrets 15 [LocalObjectReference] map=name patch=merge:name # Secrets to fetch images with.
hostname 16 string # The host name within the pod; the pod's name by default.
subdomain 17 string # The headless service under whose name the pod is found.
affinity 18 Affinity? # Preferences and demands about nodes and other pods.
schedulerName 19 string # The scheduler that is to find a node.
tolerations 22 [Toleration] atomic # Taints of nodes the pod puts up with.
hostAliases 23 [HostAlias] map=ip patch=merge:ip # More lines for /etc/hosts.
priorityClassName 24 string # The class that says how important the pod is.
priority 25 int32?
dnsConfig 26 PodDNSConfig?
readinessGates 28 [PodReadinessGate] atomic
runtimeClassName 29 string?
enableServiceLinks 30 bool?
preemptionPolicy 31 string:PreemptionPolicy? enum=Never|PreemptLowerPriority
overhead 32 {quantity}
topologySpreadConstraints 33 [TopologySpreadConstraint] map=topologyKey,whenUnsatisfiable patch=merge:topologyKey # How pods of a kind are to be spread over nodes.
setHostnameAsFQDN 35 bool? # Make the host name the whole domain name.
os 36 PodOS?
hostUsers 37 bool?
schedulingGates 38 [PodSchedulingGate] map=name patch=merge:name
resourceClaims 39 [PodResourceClaim] map=name patch=merge,retainKeys:name
resources 40 ResourceRequirements?
hostnameOverride 41 string?
workloadRef 42 WorkloadReference?

PodTemplateSpec # The pod to make: its metadata and its specification.
metadata 1 meta.ObjectMeta
spec 2 PodSpec # What the pod runs.
`;
