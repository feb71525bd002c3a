// Forgets the past of a store as kube-apiserver does with etcd's (etcd3 compact.go): every five minutes whatever was
// there five minutes before, so that a watch may be away for five to ten minutes, and memory and disk do not grow with
// what ever was written.

import type { Store, StoredObject } from './store.ts';

const everyMs = 300_000;

export interface Compactor {
  stop(): void;
}

/** @param log hears of a compaction that failed; the next one makes up for it. */
export function startCompactor<T extends StoredObject>(
  store: Pick<Store<T>, 'revision' | 'compact'>,
  log: (text: string) => void,
): Compactor {
  let before = store.revision;
  const timer = setInterval(() => {
    const target = before;
    before = store.revision;
    store.compact(target).catch((error: unknown) => log(`compaction to revision ${target}: ${String(error)}`));
  }, everyMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
