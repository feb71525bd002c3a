// Watch: what happened to a collection since a revision, and from then on. Each change is judged by the watcher's
// selectors before and after it, so that an object which no longer matches shows as DELETED.

import type { KubernetesObject } from '../client/kubernetes-object.ts';
import type { StatusCause } from '../client/status-error.ts';
import type { Change } from '../store/history.ts';
import { CompactedError } from '../store/store-errors.ts';
import type { ListOptions } from './list.ts';
import { type ObjectFilter, objectFilter } from './object-filter.ts';
import { type Presented, presentItem, presentObject } from './presentation.ts';
import { type ApiContext, apiVersionOf, bucketOf, type Target } from './request.ts';
import { askedRevision } from './revision.ts';
import { invalid, plainError, tooLargeResourceVersion, tooOldResourceVersion } from './status-errors.ts';

export interface WatchOptions extends ListOptions {
  readonly allowWatchBookmarks?: boolean;
  readonly sendInitialEvents?: boolean;
}

export interface WatchedChange extends Presented {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
}

/** Takes changes one by one, at once; it must not throw. */
export type WatchSink = (change: WatchedChange) => void;

export interface OpenWatch {
  /** Sends a BOOKMARK with the newest revision, for clients that asked for bookmarks. */
  bookmark(): void;
  close(): void;
}

/**
 * Opens a watch: the past it asked for is given to `sink` before this returns, the future as it is acknowledged.
 * @throws {StatusError} Expired for a forgotten revision, Timeout for the state of a future one, Invalid for a wrong
 *   combination
 */
export function watchObjects(context: ApiContext, target: Target, options: WatchOptions, sink: WatchSink): OpenWatch {
  checkOptions(options);
  const { store } = context;
  const bucket = bucketOf(target.kind);
  const filter = objectFilter(target, options);
  const prefix = target.kind.namespaced && target.namespace ? `${target.namespace}/` : '';
  const asked = askedRevision(options.resourceVersion ?? '', plainError);

  const send = (change: Change<KubernetesObject>): void => {
    // What is asked for may be yet to come.
    if (change.item.revision <= asked) return;
    if (change.bucket !== bucket || !change.item.key.startsWith(prefix)) return;
    const shown = judge(change, filter);
    if (shown) sink(present(target, change, shown));
  };
  const bookmark = (annotations?: Record<string, string>): void => {
    const metadata = {
      resourceVersion: String(store.revision),
      ...(annotations ? { annotations } : {}),
    };
    const object = {
      kind: target.kind.kind,
      apiVersion: apiVersionOf(target.kind),
      metadata,
    } as unknown as KubernetesObject;
    sink({ type: 'BOOKMARK', object, text: JSON.stringify(object) });
  };

  const startsWithState = options.sendInitialEvents ?? asked === 0;
  if (startsWithState) {
    if (asked > store.revision) throw tooLargeResourceVersion(asked, store.revision);
    for (const item of store.list(bucket, { prefix, ...(filter ? { filter } : {}) }).items) {
      sink({ type: 'ADDED', ...presentItem(target.kind, item) });
    }
    if (options.sendInitialEvents && options.allowWatchBookmarks) bookmark({ 'k8s.io/initial-events-end': 'true' });
  } else if (asked > 0 && asked <= store.revision) {
    try {
      for (const change of store.changesAfter(bucket, asked)) send(change);
    } catch (error) {
      if (error instanceof CompactedError) throw tooOldResourceVersion(asked, error.compacted);
      throw error;
    }
  }
  const stop = store.onChange(send);
  return {
    bookmark: () => {
      if (options.allowWatchBookmarks) bookmark();
    },
    close: stop,
  };
}

type Shown = 'ADDED' | 'MODIFIED' | 'DELETED';

function judge(change: Change<KubernetesObject>, filter: ObjectFilter | undefined): Shown | undefined {
  if (!filter) return change.type;
  const is = change.type !== 'DELETED' && filter(change.item.object);
  const was = change.previous !== undefined && filter(change.previous.object);
  if (is) return was ? 'MODIFIED' : 'ADDED';
  return was ? 'DELETED' : undefined;
}

function present(target: Target, change: Change<KubernetesObject>, type: Shown): WatchedChange {
  const { item, previous } = change;
  if (type !== 'DELETED' || change.type === 'DELETED' || !previous) return { type, ...presentItem(target.kind, item) };
  // It left the selection: the watcher sees it as it last knew it, at the revision of the change.
  const last = presentObject(target.kind, previous.object);
  const object = { ...last, metadata: { ...last.metadata, resourceVersion: String(item.revision) } };
  return { type, object, text: JSON.stringify(object) };
}

function checkOptions({ sendInitialEvents, resourceVersionMatch: match }: WatchOptions): void {
  const field = 'resourceVersionMatch';
  const causes: StatusCause[] = [];
  const forbid = (why: string) => causes.push({ reason: 'FieldValueForbidden', field, message: `Forbidden: ${why}` });
  if (sendInitialEvents !== undefined && match !== 'NotOlderThan')
    forbid('sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
  if (match) {
    if (sendInitialEvents === undefined)
      forbid('resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided');
    if (match !== 'NotOlderThan') {
      const message = `Unsupported value: "${match}": supported values: "NotOlderThan"`;
      causes.push({ reason: 'FieldValueNotSupported', field, message });
    }
  }
  if (causes.length > 0) throw invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', causes);
}
