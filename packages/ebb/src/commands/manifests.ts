/** Manifests that `ebb up` applies: of a file, or an example that comes with Ebb. */
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import type { KubernetesObject } from '../cluster/kubernetes-object.ts';

/**
 * The example that `ebb up` starts when no file is named: four brokers that wait for work. Of the version that the
 * walkthrough applies, whose defaults name the Service otherwise than v1alpha2's: a MiniCluster keeps its Service's name.
 */
export const firstExample: KubernetesObject = {
  apiVersion: 'flux-framework.org/v1alpha1',
  kind: 'MiniCluster',
  metadata: { name: 'flux-sample', namespace: 'flux-operator' },
  spec: { size: 4, interactive: true, containers: [{ image: 'rockylinux:9' }] },
};

/**
 * The objects to apply, in order.
 * @throws Error naming the file and the place when it is not YAML, or an object lacks apiVersion, kind or name
 */
export async function readManifests(options: { filename?: string }): Promise<KubernetesObject[]> {
  const { filename } = options;
  if (filename === undefined) return [firstExample];
  return parseManifests(textOf(filename), filename === '-' ? 'standard input' : filename);
}

function textOf(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = { ENOENT: 'no such file', EISDIR: 'it is a folder', EACCES: 'it may not be read' }[code ?? ''];
    throw new Error(`--filename ${file}: ${why ?? message}`);
  }
}

export function parseManifests(text: string, file: string): KubernetesObject[] {
  const objects: KubernetesObject[] = [];
  for (const document of parseAllDocuments(text)) {
    const problem = 'errors' in document ? document.errors[0] : undefined;
    if (problem) throw new Error(`${file}: ${problem.message}`);
    objects.push(...objectsOf(document.toJS(), file));
  }
  if (objects.length === 0) throw new Error(`${file}: holds no object`);
  return objects;
}

/** What a document holds: an object, several in a `List` as kubectl prints them, or nothing. */
function objectsOf(value: unknown, file: string): KubernetesObject[] {
  if (value === null) return [];
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new Error(`${file}: a document is no Kubernetes object: it needs apiVersion, kind and metadata.name`);
  }
  const object = value as KubernetesObject;
  for (const field of ['apiVersion', 'kind'] as const) {
    if (typeof object[field] !== 'string') throw new Error(`${file}: an object has no ${field}`);
  }
  const { items } = object;
  if (object.kind.endsWith('List') && Array.isArray(items)) return items.flatMap((item) => objectsOf(item, file));
  if (typeof object.metadata?.name !== 'string') throw new Error(`${file}: ${object.kind} has no metadata.name`);
  return [object];
}
