/** Containers of a pod: fields in the notation of `notation.ts`. Facts from the Kubernetes 1.35 API reference. */
export const containersTypes = `
ContainerPort
name 1 string
hostPort 2 int32
containerPort 3 int32 * +
protocol 4 string:Protocol default=TCP enum=SCTP|TCP|UDP
hostIP 5 string

ConfigMapEnvSource
inline 1 LocalObjectReference
optional 2 bool?

SecretEnvSource
inline 1 LocalObjectReference
optional 2 bool?

EnvFromSource
prefix 1 string
configMapRef 2 ConfigMapEnvSource?
secretRef 3 SecretEnvSource?

ConfigMapKeySelector atomic
inline 1 LocalObjectReference
key 2 string * +
optional 3 bool?

SecretKeySelector atomic
inline 1 LocalObjectReference
key 2 string * +
optional 3 bool?

FileKeySelector atomic
volumeName 1 string * +
path 2 string * +
key 3 string * +
optional 4 bool?

EnvVarSource
fieldRef 1 ObjectFieldSelector?
resourceFieldRef 2 ResourceFieldSelector?
configMapKeyRef 3 ConfigMapKeySelector?
secretKeyRef 4 SecretKeySelector?
fileKeyRef 5 FileKeySelector?

EnvVar
name 1 string * +
value 2 string
valueFrom 3 EnvVarSource?

ResourceClaim
name 1 string * +
request 2 string

ResourceRequirements
limits 1 {quantity}
requests 2 {quantity}
claims 3 [ResourceClaim] map=name

ContainerResizePolicy
resourceName 1 string:ResourceName * +
restartPolicy 2 string:ResourceResizeRestartPolicy * +

ContainerRestartRuleOnExitCodes
operator 1 string:ContainerRestartRuleOnExitCodesOperator *
values 2 [int32] set

ContainerRestartRule
action 1 string:ContainerRestartRuleAction *
exitCodes 2 ContainerRestartRuleOnExitCodes?

VolumeMount
name 1 string * +
readOnly 2 bool
recursiveReadOnly 7 string:RecursiveReadOnlyMode?
mountPath 3 string * +
subPath 4 string
mountPropagation 5 string:MountPropagationMode? enum=Bidirectional|HostToContainer|None
subPathExpr 6 string

VolumeDevice
name 1 string * +
devicePath 2 string * +

ExecAction
command 1 [string] atomic

HTTPHeader
name 1 string * +
value 2 string * +

HTTPGetAction
path 1 string
port 2 intorstring * +
host 3 string
scheme 4 string:URIScheme enum=HTTP|HTTPS
httpHeaders 5 [HTTPHeader] atomic

TCPSocketAction
port 1 intorstring * +
host 2 string

GRPCAction
port 1 int32 * +
service 2 string? +

ProbeHandler
exec 1 ExecAction?
httpGet 2 HTTPGetAction?
tcpSocket 3 TCPSocketAction?
grpc 4 GRPCAction?

Probe
inline 1 ProbeHandler
initialDelaySeconds 2 int32
timeoutSeconds 3 int32
periodSeconds 4 int32
successThreshold 5 int32
failureThreshold 6 int32
terminationGracePeriodSeconds 7 int64?

SleepAction
seconds 1 int64 * +

LifecycleHandler
exec 1 ExecAction?
httpGet 2 HTTPGetAction?
tcpSocket 3 TCPSocketAction?
sleep 4 SleepAction?

Lifecycle
postStart 1 LifecycleHandler?
preStop 2 LifecycleHandler?
stopSignal 3 string:Signal?

Capabilities
add 1 [string:Capability] atomic
drop 2 [string:Capability] atomic

SELinuxOptions
user 1 string
role 2 string
type 3 string
level 4 string

WindowsSecurityContextOptions
gmsaCredentialSpecName 1 string?
gmsaCredentialSpec 2 string?
runAsUserName 3 string?
hostProcess 4 bool?

SeccompProfile
type 1 string:SeccompProfileType * + enum=Localhost|RuntimeDefault|Unconfined
localhostProfile 2 string?

AppArmorProfile
type 1 string:AppArmorProfileType * + enum=Localhost|RuntimeDefault|Unconfined
localhostProfile 2 string?

SecurityContext
capabilities 1 Capabilities?
privileged 2 bool?
seLinuxOptions 3 SELinuxOptions?
windowsOptions 10 WindowsSecurityContextOptions?
runAsUser 4 int64?
runAsGroup 8 int64?
runAsNonRoot 5 bool?
readOnlyRootFilesystem 6 bool?
allowPrivilegeEscalation 7 bool?
procMount 9 string:ProcMountType? enum=Default|Unmasked
seccompProfile 11 SeccompProfile?
appArmorProfile 12 AppArmorProfile?

Container
name 1 string * +
image 2 string
command 3 [string] atomic
args 4 [string] atomic
workingDir 5 string
ports 6 [ContainerPort] map=containerPort,protocol patch=merge:containerPort
envFrom 19 [EnvFromSource] atomic
env 7 [EnvVar] map=name patch=merge:name
resources 8 ResourceRequirements
resizePolicy 23 [ContainerResizePolicy] atomic
restartPolicy 24 string:ContainerRestartPolicy?
restartPolicyRules 25 [ContainerRestartRule] atomic
volumeMounts 9 [VolumeMount] map=mountPath patch=merge:mountPath
volumeDevices 21 [VolumeDevice] map=devicePath patch=merge:devicePath
livenessProbe 10 Probe?
readinessProbe 11 Probe?
startupProbe 22 Probe?
lifecycle 12 Lifecycle?
terminationMessagePath 13 string
terminationMessagePolicy 20 string:TerminationMessagePolicy enum=FallbackToLogsOnError|File
imagePullPolicy 14 string:PullPolicy enum=Always|IfNotPresent|Never
securityContext 15 SecurityContext?
stdin 16 bool
stdinOnce 17 bool
tty 18 bool

EphemeralContainerCommon
name 1 string +
image 2 string
command 3 [string]
args 4 [string]
workingDir 5 string
ports 6 [ContainerPort] patch=merge:containerPort
envFrom 19 [EnvFromSource]
env 7 [EnvVar] patch=merge:name
resources 8 ResourceRequirements
resizePolicy 23 [ContainerResizePolicy]
restartPolicy 24 string:ContainerRestartPolicy?
restartPolicyRules 25 [ContainerRestartRule]
volumeMounts 9 [VolumeMount] patch=merge:mountPath
volumeDevices 21 [VolumeDevice] patch=merge:devicePath
livenessProbe 10 Probe?
readinessProbe 11 Probe?
startupProbe 22 Probe?
lifecycle 12 Lifecycle?
terminationMessagePath 13 string
terminationMessagePolicy 20 string:TerminationMessagePolicy
imagePullPolicy 14 string:PullPolicy
securityContext 15 SecurityContext?
stdin 16 bool
stdinOnce 17 bool
tty 18 bool

EphemeralContainer
inline 1 EphemeralContainerCommon
targetContainerName 2 string
`;
