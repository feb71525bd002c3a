import { type CorpusRequest, mergePatch } from '../corpus-request.ts';

const namespace = 'corpus-deletion';
const maps = `/api/v1/namespaces/${namespace}/configmaps`;
const pods = `/api/v1/namespaces/${namespace}/pods`;
const make = (name: string, metadata: object = {}, capture?: Record<string, string>): CorpusRequest => ({
  name: `make ${name}`,
  method: 'POST',
  path: maps,
  body: { metadata: { name, ...metadata } },
  ...(capture ? { capture } : {}),
});
const remove = (name: string, path: string, body?: unknown): CorpusRequest => ({
  name,
  method: 'DELETE',
  path,
  ...(body === undefined ? {} : { body }),
});

/** Deletion: options, preconditions, finalizers, grace, namespaces that end. */
export const deletionRequests: readonly CorpusRequest[] = [
  { name: 'a namespace', method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: namespace } } },
  {
    name: 'its account',
    path: `/api/v1/namespaces/${namespace}/serviceaccounts/default`,
    until: 200,
    ignoresBody: true,
  },
  make('plain', {}, { uid: 'metadata.uid', revision: 'metadata.resourceVersion' }),
  remove('another uid', `${maps}/plain`, { preconditions: { uid: 'another' } }),
  remove('another revision', `${maps}/plain`, { preconditions: { resourceVersion: '1' } }),
  remove('a policy that is none', `${maps}/plain?propagationPolicy=Some`),
  remove('policy and orphans', `${maps}/plain`, { propagationPolicy: 'Orphan', orphanDependents: true }),
  remove('a negative grace', `${maps}/plain?gracePeriodSeconds=-5&dryRun=All`),
  remove('dry run', `${maps}/plain?dryRun=All`),
  remove('a body that is another kind', `${maps}/plain`, { apiVersion: 'v1', kind: 'Pod' }),
  remove('the right one', `${maps}/plain`, {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    preconditions: { uid: '{uid}', resourceVersion: '{revision}' },
  }),
  remove('once more', `${maps}/plain`),
  make('held', { finalizers: ['example.com/hold'] }),
  remove('it is held', `${maps}/held`),
  { name: 'it waits', path: `${maps}/held` },
  remove('again changes nothing', `${maps}/held`),
  {
    name: 'another finalizer is refused',
    method: 'PATCH',
    path: `${maps}/held`,
    headers: mergePatch,
    body: { metadata: { finalizers: ['example.com/hold', 'example.com/more'] } },
  },
  {
    name: 'its data may change',
    method: 'PATCH',
    path: `${maps}/held`,
    headers: mergePatch,
    body: { data: { a: 'b' } },
  },
  {
    name: 'it is let go',
    method: 'PATCH',
    path: `${maps}/held`,
    headers: mergePatch,
    body: { metadata: { finalizers: null } },
  },
  { name: 'it is gone', path: `${maps}/held`, until: 404 },
  make('foreground'),
  remove('in the foreground', `${maps}/foreground?propagationPolicy=Foreground`),
  { name: 'the collector ends it', path: `${maps}/foreground`, until: 404 },
  make('orphaning'),
  remove('orphaning', `${maps}/orphaning?propagationPolicy=Orphan`),
  { name: 'the collector ends that too', path: `${maps}/orphaning`, until: 404 },
  make('owner', {}, { owner: 'metadata.uid' }),
  make('owned', { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: '{owner}' }] }),
  remove('the owner goes', `${maps}/owner?propagationPolicy=Background`),
  { name: 'and what it owned', path: `${maps}/owned`, until: 404 },
  {
    name: 'a pod',
    method: 'POST',
    path: pods,
    body: {
      metadata: { name: 'pod' },
      spec: { containers: [{ name: 'c', image: 'i' }], schedulerName: 'nobody' },
    },
    ignoresBody: true,
  },
  remove('a pod that never ran', `${pods}/pod`),
  { name: 'it is gone at once', path: `${pods}/pod` },
  {
    name: 'an account',
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/serviceaccounts`,
    body: { metadata: { name: 'a' } },
  },
  remove('accounts answer with themselves', `/api/v1/namespaces/${namespace}/serviceaccounts/a`),
  {
    name: 'a service',
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/services`,
    body: { metadata: { name: 's' }, spec: { clusterIP: 'None' } },
  },
  remove('services too', `/api/v1/namespaces/${namespace}/services/s`),
  remove('the default namespace stays', '/api/v1/namespaces/default'),
  remove('nothing', `${maps}/nothing`),
  make('blocker', { finalizers: ['example.com/hold'] }),
  remove('the namespace goes', `/api/v1/namespaces/${namespace}`),
  { name: 'nothing new in it', method: 'POST', path: maps, body: { metadata: { name: 'late' } } },
  {
    name: 'the blocker lets go',
    method: 'PATCH',
    path: `${maps}/blocker`,
    headers: mergePatch,
    body: { metadata: { finalizers: null } },
    ignoresBody: true,
  },
  { name: 'it is gone', path: `/api/v1/namespaces/${namespace}`, until: 404 },
];
