/** Kubernetes objects as a flat list of fields, without what the API server gives them from run to run. */

export interface Field {
  /** Kind of the object. */
  readonly kind: string;
  /** Path within the object; entries of lists without an order by their names. */
  readonly field: string;
  /** The value as JSON. */
  readonly text: string;
}

const fromServer = new Set([
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'generation',
  'managedFields',
  'status',
  'clusterIP',
  'clusterIPs',
  'batch.kubernetes.io/controller-uid',
  'controller-uid',
]);
/** Lists whose order means nothing, and the field that names an entry. */
const keys: Readonly<Record<string, string>> = {
  env: 'name',
  volumes: 'name',
  volumeMounts: 'mountPath',
  items: 'path',
  imagePullSecrets: 'name',
  ownerReferences: 'kind',
  // Upstream walks a map of labels, whose order is another each time.
  matchExpressions: 'key',
};
const tokenVolume = /^kube-api-access-/;

/** By KIND/NAME and path. */
export function fieldsOf(objects: readonly { kind: string; metadata: { name: string } }[]): Map<string, Field> {
  const fields = new Map<string, Field>();
  for (const object of objects) {
    const { kind, metadata } = object;
    walk(object, '', '', (field, text) => fields.set(`${kind}/${metadata.name}.${field}`, { kind, field, text }));
  }
  return fields;
}

/** @param name of the field that holds the value */
function walk(value: unknown, path: string, name: string, add: (path: string, text: string) => void): void {
  if (Array.isArray(value)) {
    const key = keys[name];
    for (const [index, each] of value.entries()) {
      const label = key ? String((each as Record<string, unknown>)[key]) : String(index);
      if (tokenVolume.test(String((each as { name?: unknown } | null)?.name))) continue;
      walk(each, `${path}[${label}]`, '', add);
    }
    if (value.length === 0) add(path, '[]');
  } else if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([field]) => !fromServer.has(field));
    for (const [field, each] of entries) walk(each, path ? `${path}.${field}` : field, field, add);
    if (entries.length === 0) add(path, '{}');
  } else {
    add(path, JSON.stringify(value));
  }
}
