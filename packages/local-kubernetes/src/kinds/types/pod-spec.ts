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

PodSpec
volumes 1 [Volume] map=name patch=merge,retainKeys:name
initContainers 20 [Container] map=name patch=merge:name
containers 2 [Container] * + map=name patch=merge:name
ephemeralContainers 34 [EphemeralContainer] map=name patch=merge:name
restartPolicy 3 string:RestartPolicy enum=Always|Never|OnFailure
terminationGracePeriodSeconds 4 int64?
activeDeadlineSeconds 5 int64?
dnsPolicy 6 string:DNSPolicy enum=ClusterFirst|ClusterFirstWithHostNet|Default|None
nodeSelector 7 {string} atomic
serviceAccountName 8 string
serviceAccount 9 string
automountServiceAccountToken 21 bool?
nodeName 10 string
hostNetwork 11 bool
hostPID 12 bool
hostIPC 13 bool
shareProcessNamespace 27 bool?
securityContext 14 PodSecurityContext?
imagePullSecrets 15 [LocalObjectReference] map=name patch=merge:name
hostname 16 string
subdomain 17 string
affinity 18 Affinity?
schedulerName 19 string
tolerations 22 [Toleration] atomic
hostAliases 23 [HostAlias] map=ip patch=merge:ip
priorityClassName 24 string
priority 25 int32?
dnsConfig 26 PodDNSConfig?
readinessGates 28 [PodReadinessGate] atomic
runtimeClassName 29 string?
enableServiceLinks 30 bool?
preemptionPolicy 31 string:PreemptionPolicy? enum=Never|PreemptLowerPriority
overhead 32 {quantity}
topologySpreadConstraints 33 [TopologySpreadConstraint] map=topologyKey,whenUnsatisfiable patch=merge:topologyKey
setHostnameAsFQDN 35 bool?
os 36 PodOS?
hostUsers 37 bool?
schedulingGates 38 [PodSchedulingGate] map=name patch=merge:name
resourceClaims 39 [PodResourceClaim] map=name patch=merge,retainKeys:name
resources 40 ResourceRequirements?
hostnameOverride 41 string?
workloadRef 42 WorkloadReference?

PodTemplateSpec
metadata 1 meta.ObjectMeta
spec 2 PodSpec
`;
