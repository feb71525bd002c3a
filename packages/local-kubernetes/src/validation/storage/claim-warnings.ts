/** What a claim is warned of. Facts: k8s.io/kubernetes pkg/api/persistentvolumeclaim/util.go. */
import { mapAt } from '../../kinds/columns/read.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { brokenBytes } from '../whole-bytes.ts';

const oldClass = 'volume.beta.kubernetes.io/storage-class';

export function claimWarnings(claim: JsonObject): string[] {
  const annotations = mapAt(claim, 'metadata.annotations');
  const isOld = Object.hasOwn(annotations, oldClass);
  const old = `metadata.annotations[${oldClass}]: deprecated since v1.8; use "storageClassName" attribute instead`;
  return [...(isOld ? [old] : []), ...claimSpecWarnings(mapAt(claim, 'spec'), 'spec')];
}

/** Of a claim, and of the template of one in a pod. */
export function claimSpecWarnings(spec: JsonObject, path: string): string[] {
  return ['requests', 'limits'].flatMap((name) => {
    const amounts = mapAt(spec, `resources.${name}`);
    return brokenBytes(amounts, ['storage'], `${path}.resources.${name}`);
  });
}
