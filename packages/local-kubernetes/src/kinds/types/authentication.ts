/** Token requests and reviews: fields in the notation of `notation.ts`. Facts from the Kubernetes 1.35 API reference. */
export const authenticationTypes = `
BoundObjectReference
kind 1 string
apiVersion 2 string
name 3 string
uid 4 string:UID

TokenRequestSpec
audiences 1 [string] * + atomic
expirationSeconds 4 int64? +
boundObjectRef 3 BoundObjectReference? +

TokenRequestStatus
token 1 string * +
expirationTimestamp 2 time * +

TokenRequest
metadata 1 meta.ObjectMeta
spec 2 TokenRequestSpec * +
status 3 TokenRequestStatus

TokenReviewSpec
token 1 string
audiences 2 [string] atomic

UserInfo
username 1 string
uid 2 string
groups 3 [string] atomic
extra 4 {[string]}

TokenReviewStatus
authenticated 1 bool
user 2 UserInfo
audiences 4 [string] atomic
error 3 string

TokenReview
metadata 1 meta.ObjectMeta
spec 2 TokenReviewSpec * +
status 3 TokenReviewStatus

SelfSubjectReviewStatus
userInfo 1 UserInfo

SelfSubjectReview
metadata 1 meta.ObjectMeta
status 2 SelfSubjectReviewStatus
`;
