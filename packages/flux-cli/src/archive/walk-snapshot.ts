/** Goes through a snapshot of the KVS. */
import { FluxError } from '@ebb/flux-client';
import type { TreeObject } from '@ebb/flux-formats';
import type { Content } from './content.ts';
import type { SnapshotEntry } from './entry.ts';

export interface WalkOptions {
  /** Told of a blob that cannot be loaded; what needs it is left out when this returns. */
  onMissing(path: string, what: string, error: FluxError): void;
}

/** All values and links below a root, in the order of their names. */
export async function* walkSnapshot(
  content: Content,
  rootref: string,
  options: WalkOptions,
): AsyncGenerator<SnapshotEntry> {
  const root = await loaded('.', () => content.loadTree(rootref), 'cannot load directory', options);
  if (root) yield* walk(content, '', root, options);
}

async function* walk(
  content: Content,
  path: string,
  object: TreeObject,
  options: WalkOptions,
): AsyncGenerator<SnapshotEntry> {
  switch (object.type) {
    case 'val':
      yield { path, type: 'file', data: Buffer.from(object.data, 'base64') };
      return;
    case 'valref': {
      const data = await loadValue(content, path, object.data, options);
      if (data) yield { path, type: 'file', data };
      return;
    }
    case 'symlink': {
      const { target, namespace } = object.data;
      yield { path, type: 'link', target: namespace === undefined ? target : `${namespace}::${target}` };
      return;
    }
    case 'dirref': {
      const [ref] = object.data;
      const directory = await loaded(path, () => content.loadTree(ref), 'cannot load directory', options);
      if (directory) yield* walk(content, path, directory, options);
      return;
    }
    case 'dir': {
      const names = Object.keys(object.data).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      for (const name of names) {
        yield* walk(content, path === '' ? name : `${path}/${name}`, object.data[name]!, options);
      }
    }
  }
}

async function loadValue(
  content: Content,
  path: string,
  refs: readonly string[],
  options: WalkOptions,
): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  for (const [index, ref] of refs.entries()) {
    const part = await loaded(path, () => content.load(ref), `missing blobref ${index}`, options);
    if (!part) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

async function loaded<T>(
  path: string,
  load: () => Promise<T>,
  what: string,
  options: WalkOptions,
): Promise<T | undefined> {
  try {
    return await load();
  } catch (error) {
    if (!(error instanceof FluxError)) throw error;
    options.onMissing(path, what, error);
    return undefined;
  }
}
