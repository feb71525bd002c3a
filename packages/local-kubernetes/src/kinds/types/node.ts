/** RuntimeClass: fields in the notation of `notation.ts`. Facts from the Kubernetes 1.35 API reference. */
export const nodeTypes = `
Overhead
podFixed 1 {quantity}

Scheduling
nodeSelector 1 {string} atomic
tolerations 2 [core.Toleration] atomic

RuntimeClass # A way to run containers.
metadata 1 meta.ObjectMeta
handler 2 string * +
overhead 3 Overhead?
scheduling 4 Scheduling?
`;
