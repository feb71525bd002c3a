/** EndpointSlice: fields in the notation of `notation.ts`. Facts from the Kubernetes 1.35 API reference. */
export const discoveryTypes = `
EndpointConditions
ready 1 bool?
serving 2 bool?
terminating 3 bool?

ForZone
name 1 string * +

ForNode
name 1 string * +

EndpointHints
forZones 1 [ForZone] atomic
forNodes 2 [ForNode] atomic

Endpoint
addresses 1 [string] * + set
conditions 2 EndpointConditions
hostname 3 string?
targetRef 4 core.ObjectReference?
deprecatedTopology 5 {string}
nodeName 6 string?
zone 7 string?
hints 8 EndpointHints?

EndpointPort atomic
name 1 string?
protocol 2 string:Protocol? enum=SCTP|TCP|UDP
port 3 int32?
appProtocol 4 string?

EndpointSlice # Some of the addresses behind a service.
metadata 1 meta.ObjectMeta
addressType 4 string:AddressType * + enum=FQDN|IPv4|IPv6 # IPv4, IPv6 or FQDN.
endpoints 2 [Endpoint] * + atomic # The addresses, and whether they are ready.
ports 3 [EndpointPort] + atomic # The ports of all of them.
`;
