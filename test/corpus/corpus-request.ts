/** One request of the corpus. They are sent in order; later ones build on what earlier ones made. */
export interface CorpusRequest {
  /** What is asked, for people who read a difference. */
  readonly name: string;
  /** Default GET. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS';
  /** With its query. `{name}` is replaced by what an earlier request captured under that name. */
  readonly path: string;
  /** An object is sent as JSON, a text as it is, `{name}` replaced in both; bytes are sent untouched. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Values to keep from the answer's JSON, by dotted path. */
  readonly capture?: Readonly<Record<string, string>>;
  /** Who asks: the kubeconfig's user, or nobody. */
  readonly as?: 'admin' | 'anonymous';
  /** Ask again (at most for 20 s) until the answer has this code: for what controllers do in their own time. */
  readonly until?: number;
  /** The answer's body is a stream of JSON lines. */
  readonly isStream?: boolean;
  /** The real server tells of several things in the order of a map of Go: they are compared without their order. */
  readonly anyOrder?: boolean;
  /** Only the code and the content type are compared, not the body. */
  readonly ignoresBody?: boolean;
}

export const json = { 'content-type': 'application/json' } as const;
export const mergePatch = { 'content-type': 'application/merge-patch+json' } as const;
export const jsonPatch = { 'content-type': 'application/json-patch+json' } as const;
export const strategicPatch = { 'content-type': 'application/strategic-merge-patch+json' } as const;
export const applyPatch = { 'content-type': 'application/apply-patch+yaml' } as const;
export const table = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' } as const;

/**
 * Waits until controllers have written what they write on a cordoned node that has not told anything yet.
 * @param index of the taint that says so, among those of the node
 */
export const writtenByControllers = (node: string, index: number): CorpusRequest => ({
  name: 'what controllers write on the node',
  method: 'PATCH',
  path: `${node}?dryRun=All`,
  headers: jsonPatch,
  body: [
    { op: 'test', path: '/metadata/annotations/node.alpha.kubernetes.io~1ttl', value: '0' },
    { op: 'test', path: `/spec/taints/${index}/key`, value: 'node.kubernetes.io/unschedulable' },
  ],
  until: 200,
});
