/** What an archive of a KVS snapshot holds: a file for each value, a link for each link, their keys with slashes. */
export type SnapshotEntry =
  | { readonly path: string; readonly type: 'file'; readonly data: Buffer }
  | { readonly path: string; readonly type: 'link'; readonly target: string };
