/** Ingress: fields in the notation of `notation.ts`. Facts from the Kubernetes 1.35 API reference. */
export const ingressesTypes = `
ServiceBackendPort atomic
name 1 string
number 2 int32

IngressServiceBackend
name 1 string * +
port 2 ServiceBackendPort

IngressBackend
service 4 IngressServiceBackend?
resource 3 core.TypedLocalObjectReference?

HTTPIngressPath
path 1 string
pathType 3 string:PathType? * + enum=Exact|ImplementationSpecific|Prefix
backend 2 IngressBackend * +

HTTPIngressRuleValue
paths 1 [HTTPIngressPath] * + atomic

IngressRuleValue
http 1 HTTPIngressRuleValue?

IngressRule
host 1 string
inline 2 IngressRuleValue

IngressTLS
hosts 1 [string] atomic
secretName 2 string

IngressSpec
ingressClassName 4 string?
defaultBackend 1 IngressBackend?
tls 2 [IngressTLS] atomic
rules 3 [IngressRule] atomic

IngressPortStatus
port 1 int32 * +
protocol 2 string:Protocol * + enum=SCTP|TCP|UDP
error 3 string?

IngressLoadBalancerIngress
ip 1 string
hostname 2 string
ports 4 [IngressPortStatus] atomic

IngressLoadBalancerStatus
ingress 1 [IngressLoadBalancerIngress] atomic

IngressStatus
loadBalancer 1 IngressLoadBalancerStatus

Ingress # Which Services the world outside reaches by which hosts and paths.
metadata 1 meta.ObjectMeta
spec 2 IngressSpec
status 3 IngressStatus
`;
