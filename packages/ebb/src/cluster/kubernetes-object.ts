/** A Kubernetes object as it came from the API. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    uid?: string;
    creationTimestamp?: Date;
    annotations?: Record<string, string>;
    labels?: Record<string, string>;
  };
  [field: string]: unknown;
}

export type ObjectName = Pick<KubernetesObject, 'apiVersion' | 'kind' | 'metadata'>;
