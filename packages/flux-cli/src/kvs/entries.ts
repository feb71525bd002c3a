/** Directories of the KVS as lists of entries. */
import { type Flux, type KvsOptions, kvsLookup, kvsLookupFlag } from '@ebb/flux-client';
import type { TreeObject } from '@ebb/flux-formats';
import { failureOf } from '../with-broker.ts';

export type Entry = readonly [name: string, object: TreeObject];

/** Where keys are looked up: a namespace, or a snapshot. */
export type Where = Pick<KvsOptions, 'namespace'> & { readonly at?: unknown };

/** In the order of their names. @throws CommandError that begins with the key */
export async function entriesOf(flux: Flux, key: string, where: Where): Promise<Entry[]> {
  const object = await kvsLookup(flux, key, kvsLookupFlag.readDir, where).catch((error: unknown) =>
    failureOf(key, error),
  );
  const entries = object.type === 'dir' ? Object.entries(object.data) : [];
  return entries.sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

export function isDirectory(object: TreeObject): boolean {
  return object.type === 'dir' || object.type === 'dirref';
}
