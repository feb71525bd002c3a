/** Files of one volume that would hide one another. Facts: k8s.io/kubernetes pkg/api/pod/warnings.go. */
import { listAt, mapAt, textAt } from '../../kinds/columns/read.ts';
import { isObject, type JsonObject } from '../../schema/schema.ts';

interface File {
  readonly path: string;
  /** Which source of a projected volume it is from; empty where there is but one. */
  readonly source: string;
}

export function pathWarnings(volumes: readonly JsonObject[]): string[] {
  return volumes.flatMap((volume) => {
    const warn = (where: string) => (text: string) =>
      `volume ${JSON.stringify(textAt(volume, 'name'))} (${where}): overlapping paths: ${text}`;
    const single = (field: string, where: string) =>
      isObject(volume[field]) ? overlaps(filesOf(volume[field], '')).map(warn(where)) : [];
    return [
      ...single('configMap', `ConfigMap ${JSON.stringify(textAt(volume, 'configMap.name'))}`),
      ...single('secret', `Secret ${JSON.stringify(textAt(volume, 'secret.secretName'))}`),
      ...single('downwardAPI', 'DownwardAPI'),
      ...(isObject(volume['projected']) ? projectedWarnings(volume, warn('Projected')) : []),
    ];
  });
}

function projectedWarnings(volume: JsonObject, warn: (text: string) => string): string[] {
  const sources = listAt(volume, 'projected.sources');
  const empty = `volume ${JSON.stringify(textAt(volume, 'name'))} (Projected) has no sources provided`;
  return [
    ...sources.filter((source) => Object.keys(source).length === 0).map(() => empty),
    ...overlaps(sources.flatMap(projectedFiles)).map(warn),
  ];
}

function projectedFiles(source: JsonObject): File[] {
  const called = (field: string, kind: string) => `${kind} ${JSON.stringify(textAt(mapAt(source, field), 'name'))}`;
  if (isObject(source['configMap'])) return filesOf(source['configMap'], called('configMap', 'ConfigMap'));
  if (isObject(source['secret'])) return filesOf(source['secret'], called('secret', 'Secret'));
  if (isObject(source['downwardAPI'])) return filesOf(source['downwardAPI'], 'DownwardAPI');
  const token = source['serviceAccountToken'];
  return isObject(token) ? [{ path: trimmed(textAt(token, 'path')), source: 'ServiceAccountToken' }] : [];
}

function filesOf(holder: JsonObject, source: string): File[] {
  return listAt(holder, 'items').map((item) => ({ path: trimmed(textAt(item, 'path')), source }));
}

function trimmed(path: string): string {
  return path.replace(/\/+$/, '');
}

function overlaps(files: readonly File[]): string[] {
  return files.flatMap((file, index) =>
    files
      .slice(0, index)
      .filter((other) => file.path !== '' && other.path !== '' && isWithin(file.path, other.path))
      .map((other) => `${fileText(file)} with ${fileText(other)}`),
  );
}

/** Whether one is the other, or a folder that the other stands in. */
function isWithin(one: string, other: string): boolean {
  return `${one}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${one}/`);
}

function fileText({ path, source }: File): string {
  return source ? `${JSON.stringify(path)} (${source})` : JSON.stringify(path);
}
