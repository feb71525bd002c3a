/** NetworkPolicy: fields in the notation of `notation.ts`. Facts from the Kubernetes 1.35 API reference. */
export const networkingTypes = `
NetworkPolicyPort
protocol 1 string:Protocol? enum=SCTP|TCP|UDP
port 2 intorstring?
endPort 3 int32?

IPBlock
cidr 1 string * +
except 2 [string] atomic

NetworkPolicyPeer
podSelector 1 meta.LabelSelector?
namespaceSelector 2 meta.LabelSelector?
ipBlock 3 IPBlock?

NetworkPolicyIngressRule
ports 1 [NetworkPolicyPort] atomic
from 2 [NetworkPolicyPeer] atomic

NetworkPolicyEgressRule
ports 1 [NetworkPolicyPort] atomic
to 2 [NetworkPolicyPeer] atomic

NetworkPolicySpec
podSelector 1 meta.LabelSelector +
ingress 2 [NetworkPolicyIngressRule] atomic
egress 3 [NetworkPolicyEgressRule] atomic
policyTypes 4 [string:PolicyType] atomic

NetworkPolicy # Which pods may talk to which.
metadata 1 meta.ObjectMeta
spec 2 NetworkPolicySpec
`;
