import { describe, expect, it } from 'vitest';
import { parseResourcePath } from './request-path.ts';

describe('parseResourcePath', () => {
  it.each([
    ['/api/v1/pods', { group: '', version: 'v1', resource: 'pods', namespace: undefined, name: undefined }],
    ['/api/v1/namespaces', { resource: 'namespaces', name: undefined }],
    ['/api/v1/namespaces/a', { resource: 'namespaces', name: 'a', namespace: undefined }],
    ['/api/v1/namespaces/a/status', { resource: 'namespaces', name: 'a', subresource: 'status' }],
    ['/api/v1/namespaces/a/pods', { resource: 'pods', namespace: 'a', name: undefined }],
    ['/api/v1/namespaces/a/pods/b/log', { resource: 'pods', namespace: 'a', name: 'b', subresource: 'log' }],
    ['/apis/batch/v1/namespaces/a/jobs/b', { group: 'batch', resource: 'jobs', name: 'b' }],
    ['/api/v1/watch/namespaces/a/pods', { resource: 'pods', namespace: 'a', isWatch: true }],
    ['/api/v1/namespaces/a/pods/b/proxy/c/d', { subresource: 'proxy', tail: '/c/d' }],
    ['/api/v1/pods/a%2Fb', { name: 'a/b' }],
  ])('%s', (path, expected) => {
    expect(parseResourcePath(path)).toMatchObject(expected);
  });

  it.each(['/', '/api', '/api/v1', '/apis/batch', '/apis/batch/v1', '/healthz', '/api/v1/pods/%', ''])(
    '%s is none',
    (path) => {
      expect(parseResourcePath(path)).toBeUndefined();
    },
  );
});
