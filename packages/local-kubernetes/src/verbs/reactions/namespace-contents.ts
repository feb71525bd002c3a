// What every namespace has: the service account `default` and the ConfigMap with the cluster's certificate. Made with
// the namespace, made again when deleted, put right when changed.

import type { KubernetesObject } from '../../client/kubernetes-object.ts';
import { timestamp } from '../create.ts';
import type { ApiContext, StoreTransaction } from '../request.ts';

const accountName = 'default';
const certificateName = 'kube-root-ca.crt';
const certificateNote =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal ' +
  'service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

export interface NamespaceContentsOptions {
  /** PEM of the cluster's authority. */
  readonly authorityCertificate: string;
  log(text: string): void;
}

/** Fills every namespace there is and follows the store. Returns the way to stop. */
export function followNamespaces(context: ApiContext, options: NamespaceContentsOptions): () => void {
  const { store } = context;
  const fill = (namespace: string): void => {
    store
      .transact((transaction) => fillNamespace(context, transaction, namespace, options.authorityCertificate))
      .catch((error: unknown) => options.log(`namespace ${namespace}: ${String(error)}`));
  };
  for (const { key } of store.list('namespaces').items) fill(key);
  return store.onChange(({ bucket, type, item }) => {
    if (bucket === 'namespaces' && type === 'ADDED') fill(item.key);
    const [namespace = '', name] = item.key.split('/');
    if (bucket === 'serviceaccounts' && type === 'DELETED' && name === accountName) fill(namespace);
    if (bucket === 'configmaps' && type !== 'ADDED' && name === certificateName) fill(namespace);
  });
}

/** Puts into a living namespace what it lacks. */
export function fillNamespace(
  context: ApiContext,
  transaction: StoreTransaction,
  namespace: string,
  authorityCertificate: string,
): void {
  const item = transaction.get('namespaces', namespace);
  if (!item || item.object.metadata.deletionTimestamp) return;
  const make = (kind: string, name: string, rest: object, annotations?: Record<string, string>): KubernetesObject => ({
    apiVersion: 'v1',
    kind,
    metadata: {
      name,
      namespace,
      uid: context.newUid(),
      creationTimestamp: timestamp(context.now()),
      ...(annotations ? { annotations } : {}),
    },
    ...rest,
  });
  const accountKey = `${namespace}/${accountName}`;
  if (!transaction.get('serviceaccounts', accountKey)) {
    transaction.put('serviceaccounts', accountKey, make('ServiceAccount', accountName, {}));
  }
  const key = `${namespace}/${certificateName}`;
  const found = transaction.get('configmaps', key);
  const data = { 'ca.crt': authorityCertificate };
  if (!found) {
    const annotations = { 'kubernetes.io/description': certificateNote };
    transaction.put('configmaps', key, make('ConfigMap', certificateName, { data }, annotations));
  } else if (JSON.stringify(found.object['data']) !== JSON.stringify(data)) {
    transaction.put('configmaps', key, { ...structuredClone(found.object), data });
  }
}
