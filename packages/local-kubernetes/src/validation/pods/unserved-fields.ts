/** Fields that a server of this version knows and does not serve unless told to: it drops them without a word. */
import { at, listAt } from '../../kinds/columns/read.ts';
import { isObject, type JsonObject } from '../../schema/schema.ts';

export function dropUnserved(spec: JsonObject): void {
  delete spec['workloadRef'];
  for (const field of ['initContainers', 'containers', 'ephemeralContainers']) {
    for (const container of listAt(spec, field)) dropStopSignal(container);
  }
  for (const volume of listAt(spec, 'volumes')) {
    for (const source of listAt(volume, 'projected.sources')) {
      delete source['clusterTrustBundle'];
      delete source['podCertificate'];
    }
  }
}

function dropStopSignal(container: JsonObject): void {
  const { lifecycle } = container;
  if (!isObject(lifecycle) || at(lifecycle, 'stopSignal') === undefined) return;
  delete lifecycle['stopSignal'];
  if (Object.keys(lifecycle).length === 0) delete container['lifecycle'];
}
