/** Lease: fields in the notation of `notation.ts`. Facts from the Kubernetes 1.35 API reference. */
export const coordinationTypes = `
LeaseSpec
holderIdentity 1 string?
leaseDurationSeconds 2 int32?
acquireTime 3 microtime?
renewTime 4 microtime?
leaseTransitions 5 int32?
strategy 6 string:CoordinatedLeaseStrategy?
preferredHolder 7 string?

Lease
metadata 1 meta.ObjectMeta
spec 2 LeaseSpec
`;
