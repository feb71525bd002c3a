// The one blob store of a broker: opened by the first module that asks, closed by the last that lets it go.
import { join } from 'node:path';
import { isBlobHash } from '@ebb/flux-formats';
import type { Attributes, ModuleContext } from '../module.ts';
import type { BlobStore } from './blob-store.ts';
import { LmdbBlobStore } from './lmdb-store.ts';
import { MemoryBlobStore } from './memory-store.ts';

interface Shared {
  store: Promise<BlobStore>;
  users: number;
}

const stores = new WeakMap<Attributes, Shared>();

/** The store of this broker; call {@link releaseStore} when done. @throws Error when it cannot be opened */
export function acquireStore(context: ModuleContext): Promise<BlobStore> {
  let shared = stores.get(context.attributes);
  if (!shared) {
    shared = { store: openStore(context), users: 0 };
    stores.set(context.attributes, shared);
  }
  shared.users++;
  return shared.store;
}

export async function releaseStore(context: ModuleContext): Promise<void> {
  const shared = stores.get(context.attributes);
  if (!shared || --shared.users > 0) return;
  stores.delete(context.attributes);
  await (await shared.store).close();
}

async function openStore({ attributes, statedir }: ModuleContext): Promise<BlobStore> {
  const hash = attributes.get('content.hash') ?? 'sha1';
  if (!isBlobHash(hash)) throw new Error(`content.hash: ${hash} is not known: use sha1 or sha256`);
  const isKept = attributes.get('statedir-cleanup') !== '1' && attributes.get('content.backing-module') !== 'none';
  if (statedir === undefined || !isKept) return new MemoryBlobStore(hash);
  return LmdbBlobStore.open(join(statedir, 'content.lmdb'), hash);
}
