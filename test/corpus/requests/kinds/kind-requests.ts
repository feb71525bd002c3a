import { applyPatch, type CorpusRequest, mergePatch } from '../../corpus-request.ts';

/** The shapes of request that topics about single kinds are made of. */
export const post = (name: string, path: string, body: unknown): CorpusRequest => ({
  name,
  method: 'POST',
  path,
  body,
});
export const make = (path: string) => (name: string, body: object) =>
  post(name, path, { metadata: { name: 'made' }, ...body });
/** What is wrong is told without making anything. */
export const bad = (path: string) => (name: string, body: object) =>
  post(`bad ${name}`, `${path}?dryRun=All`, { metadata: { name: 'bad' }, ...body });
export const change = (name: string, path: string, body: unknown): CorpusRequest => ({
  name,
  method: 'PATCH',
  path,
  headers: mergePatch,
  body,
});
/** Server-side. */
export const applyTo = (name: string, path: string, body: unknown): CorpusRequest => ({
  name,
  method: 'PATCH',
  path,
  headers: applyPatch,
  body,
});
export const goes = (name: string, path: string): CorpusRequest => ({ name, method: 'DELETE', path });

export const inNamespace = (namespace: string) => {
  const at = (resource: string, group = 'api/v1') => `/${group}/namespaces/${namespace}/${resource}`;
  /** A namespace with what controllers put into it, at the beginning of a topic. */
  const opens: readonly CorpusRequest[] = [
    post('a namespace', '/api/v1/namespaces', { metadata: { name: namespace } }),
    { name: 'its account', path: at('serviceaccounts/default'), until: 200, ignoresBody: true },
    { name: 'its certificate', path: at('configmaps/kube-root-ca.crt'), until: 200, ignoresBody: true },
  ];
  const closes: readonly CorpusRequest[] = [
    { name: 'the namespace goes', method: 'DELETE', path: `/api/v1/namespaces/${namespace}`, ignoresBody: true },
    { name: 'it is gone', path: `/api/v1/namespaces/${namespace}`, until: 404 },
  ];
  return { at, opens, closes };
};

/** Pods that no scheduler looks at. */
export const container = { name: 'main', image: 'example.com/image:1' };
export const unscheduled = { schedulerName: 'nobody', containers: [container] };
