// What `kubectl apply` keeps for itself in an annotation: the configuration it applied last. When the same kubectl comes
// to apply on the server, the server keeps that annotation true, so that going back to applying on the client is safe.

import type { KubernetesObject } from '../client/kubernetes-object.ts';

const annotation = 'kubectl.kubernetes.io/last-applied-configuration';
/** The field manager of `kubectl apply --server-side` unless it is told another. */
const kubectlManager = 'kubectl';
/** All annotations of an object together, in bytes. */
const annotationsLimit = 256 * 1024;

/** Sets the annotation of `object`, where it has it, to what kubectl has just applied; one too long is taken away. */
export function syncLastApplied(object: KubernetesObject, applied: KubernetesObject, manager: string): void {
  const { annotations } = object.metadata;
  if (manager !== kubectlManager || annotations?.[annotation] === undefined) return;
  annotations[annotation] = `${sortedText(withoutOwnRecord(applied))}\n`;
  const size = Object.entries(annotations).reduce(
    (sum, [key, value]) => sum + key.length + Buffer.byteLength(value),
    0,
  );
  if (size > annotationsLimit) delete annotations[annotation];
}

function withoutOwnRecord(applied: KubernetesObject): object {
  const { managedFields: _managed, annotations, ...metadata } = applied.metadata;
  if (annotations === undefined) return { ...applied, metadata };
  const { [annotation]: _own, ...others } = annotations;
  return { ...applied, metadata: Object.keys(others).length > 0 ? { ...metadata, annotations: others } : metadata };
}

/** JSON with the keys of objects in order, as Go writes it. */
function sortedText(value: unknown): string {
  const sorted = (_key: string, each: unknown): unknown =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each;
  return JSON.stringify(value, sorted).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
