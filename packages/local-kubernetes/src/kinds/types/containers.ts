/** Containers of a pod: fields in the notation of `notation.ts`. Facts from the Kubernetes 1.35 API reference. */
export const containersTypes = `
ContainerPort
name 1 string # A name services may refer to.
hostPort 2 int32 # The same port on the node.
containerPort 3 int32 * + # The port, 1 to 65535.
protocol 4 string:Protocol default=TCP enum=SCTP|TCP|UDP # TCP, UDP or SCTP. Default TCP.
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

EnvVar # An environment variable.
name 1 string * + # The variable's name.
value 2 string # Its value; $(OTHER) is replaced.
valueFrom 3 EnvVarSource? # Where the value comes from instead.

ResourceClaim
name 1 string * +
request 2 string

ResourceRequirements
limits 1 {quantity} # The most of each resource.
requests 2 {quantity} # What of each resource is set aside.
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
name 1 string * + # The volume's name.
readOnly 2 bool # Do not allow writing.
recursiveReadOnly 7 string:RecursiveReadOnlyMode?
mountPath 3 string * + # Where it appears.
subPath 4 string # The path within the volume.
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
exec 1 ExecAction? # Healthy when this command ends with 0.
httpGet 2 HTTPGetAction? # Healthy when this address answers 200 to 399.
tcpSocket 3 TCPSocketAction? # Healthy when this port takes a connection.
grpc 4 GRPCAction?

Probe # A check of a container's health.
inline 1 ProbeHandler
initialDelaySeconds 2 int32 # Seconds to wait before the first check.
timeoutSeconds 3 int32 # Seconds until a check has failed. Default 1.
periodSeconds 4 int32 # Seconds between checks. Default 10.
successThreshold 5 int32 # Successes in a row that count. Default 1.
failureThreshold 6 int32 # Failures in a row that count. Default 3.
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

Container # A program to run from an image.
name 1 string * + # The container's name, unique in the pod.
image 2 string # The image to run.
command 3 [string] atomic # The program and its first words, instead of the image's entry point.
args 4 [string] atomic # Words after the program.
workingDir 5 string # The folder to start in.
ports 6 [ContainerPort] map=containerPort,protocol patch=merge:containerPort # Ports the container listens on.
envFrom 19 [EnvFromSource] atomic # Sources that each give many variables.
env 7 [EnvVar] map=name patch=merge:name # Environment variables.
resources 8 ResourceRequirements # What the container needs, and the most it may have.
resizePolicy 23 [ContainerResizePolicy] atomic
restartPolicy 24 string:ContainerRestartPolicy? # Always makes an init container run on beside the others.
restartPolicyRules 25 [ContainerRestartRule] atomic
volumeMounts 9 [VolumeMount] map=mountPath patch=merge:mountPath # Where volumes appear in the file system.
volumeDevices 21 [VolumeDevice] map=devicePath patch=merge:devicePath
livenessProbe 10 Probe? # When this fails, the container is started again.
readinessProbe 11 Probe? # While this fails, services leave the pod out.
startupProbe 22 Probe? # Until this succeeds, the other probes wait.
lifecycle 12 Lifecycle? # Hooks after the start and before the end.
terminationMessagePath 13 string
terminationMessagePolicy 20 string:TerminationMessagePolicy enum=FallbackToLogsOnError|File
imagePullPolicy 14 string:PullPolicy enum=Always|IfNotPresent|Never # When to fetch the image: Always, IfNotPresent or Never.
securityContext 15 SecurityContext? # User, group and rights of this container.
stdin 16 bool # Keep standard input open.
stdinOnce 17 bool
tty 18 bool # Give it a terminal.

EphemeralContainerCommon
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

EphemeralContainer
inline 1 EphemeralContainerCommon
targetContainerName 2 string
`;
