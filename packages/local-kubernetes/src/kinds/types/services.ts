/** Service and Endpoints: fields in the notation of `notation.ts`. Facts from the Kubernetes 1.35 API reference. */
export const servicesTypes = `
ServicePort
name 1 string # The port's name; needed where there are several.
protocol 2 string:Protocol default=TCP enum=SCTP|TCP|UDP
appProtocol 6 string?
port 3 int32 * + # The port of the service.
targetPort 4 intorstring # The port of the pods, by number or name.
nodePort 5 int32

ClientIPConfig
timeoutSeconds 1 int32?

SessionAffinityConfig
clientIP 1 ClientIPConfig?

ServiceSpec
ports 1 [ServicePort] map=port,protocol patch=merge:port # The ports that are offered.
selector 2 {string} atomic # Labels of the pods that serve.
clusterIP 3 string # The service's address, or None for a headless one.
clusterIPs 18 [string] atomic
type 4 string:ServiceType enum=ClusterIP|ExternalName|LoadBalancer|NodePort # ClusterIP, NodePort, LoadBalancer or ExternalName.
externalIPs 5 [string] atomic
sessionAffinity 7 string:ServiceAffinity enum=ClientIP|None # ClientIP to send a client to the same pod each time.
loadBalancerIP 8 string
loadBalancerSourceRanges 9 [string] atomic
externalName 10 string
externalTrafficPolicy 11 string:ServiceExternalTrafficPolicy enum=Cluster|Local
healthCheckNodePort 12 int32
publishNotReadyAddresses 13 bool # List pods before they are ready.
sessionAffinityConfig 14 SessionAffinityConfig?
ipFamilies 19 [string:IPFamily] atomic
ipFamilyPolicy 17 string:IPFamilyPolicy? enum=PreferDualStack|RequireDualStack|SingleStack
allocateLoadBalancerNodePorts 20 bool?
loadBalancerClass 21 string?
internalTrafficPolicy 22 string:ServiceInternalTrafficPolicy? enum=Cluster|Local
trafficDistribution 23 string?

PortStatus
port 1 int32 * +
protocol 2 string:Protocol * + enum=SCTP|TCP|UDP
error 3 string?

LoadBalancerIngress
ip 1 string
hostname 2 string
ipMode 3 string:LoadBalancerIPMode?
ports 4 [PortStatus] atomic

LoadBalancerStatus
ingress 1 [LoadBalancerIngress] atomic

ServiceStatus
loadBalancer 1 LoadBalancerStatus
conditions 2 [meta.Condition] map=type patch=merge:type

Service # A name and an address for a set of pods.
metadata 1 meta.ObjectMeta
spec 2 ServiceSpec # Which pods, on which ports.
status 3 ServiceStatus

ObjectReference atomic
kind 1 string
namespace 2 string
name 3 string
uid 4 string:UID
apiVersion 5 string
resourceVersion 6 string
fieldPath 7 string

EndpointAddress atomic
ip 1 string * +
hostname 3 string
nodeName 4 string?
targetRef 2 ObjectReference?

EndpointPort atomic
name 1 string
port 2 int32 * +
protocol 3 string:Protocol enum=SCTP|TCP|UDP
appProtocol 4 string?

EndpointSubset
addresses 1 [EndpointAddress] atomic
notReadyAddresses 2 [EndpointAddress] atomic
ports 3 [EndpointPort] atomic

Endpoints # The addresses behind a service, in the old form.
metadata 1 meta.ObjectMeta
subsets 2 [EndpointSubset] atomic
`;
