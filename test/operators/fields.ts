/** Kubernetes objects as a flat list of fields, without what the API server gives them from run to run. */

export interface Field {
  readonly text: string;
  /** The path with the names of containers, variables and the like left out, so that equal differences meet. */
  readonly group: string;
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
};
const tokenVolume = /^kube-api-access-/;

export function fieldsOf(objects: readonly { kind: string; metadata: { name: string } }[]): Map<string, Field> {
  const fields = new Map<string, Field>();
  for (const object of objects) walk(fields, object, `${object.kind}/${object.metadata.name}`, object.kind, '');
  return fields;
}

function walk(fields: Map<string, Field>, value: unknown, path: string, group: string, name: string): void {
  if (Array.isArray(value)) {
    const key = keys[name];
    for (const [index, each] of value.entries()) {
      const label = key ? String((each as Record<string, unknown>)[key]) : String(index);
      if (tokenVolume.test(String((each as { name?: unknown } | null)?.name))) continue;
      walk(fields, each, `${path}[${label}]`, `${group}[]`, '');
    }
    if (value.length === 0) fields.set(path, { text: '[]', group });
  } else if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([field]) => !fromServer.has(field));
    for (const [field, each] of entries) walk(fields, each, `${path}.${field}`, `${group}.${field}`, field);
    if (entries.length === 0) fields.set(path, { text: '{}', group });
  } else {
    fields.set(path, { text: JSON.stringify(value), group });
  }
}
