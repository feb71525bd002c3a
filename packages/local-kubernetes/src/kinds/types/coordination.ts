/** Lease: fields in the notation of `notation.ts`. Facts from the Kubernetes 1.35 API reference. */
export const coordinationTypes = `
LeaseSpec
holderIdentity 1 string? # Who holds it.
leaseDurationSeconds 2 int32? # How long it holds without renewal.
acquireTime 3 microtime?
renewTime 4 microtime? # When it was last renewed.
leaseTransitions 5 int32?
strategy 6 string:CoordinatedLeaseStrategy?
preferredHolder 7 string?

Lease # A right one holds for a while, to choose a leader or to show life.
metadata 1 meta.ObjectMeta
spec 2 LeaseSpec
`;
