/** What the name of a resource says of it. Facts: k8s.io/kubernetes pkg/apis/core/helper. */

/** One that Kubernetes itself knows. */
export const isNative = (name: string) => !name.includes('/') || name.includes('kubernetes.io/');
export const isHugePages = (name: string) => name.startsWith('hugepages-');
