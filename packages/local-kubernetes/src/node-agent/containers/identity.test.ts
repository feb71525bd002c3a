import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Container, PodSpec } from '../pod-types.ts';
import { identityOf } from './identity.ts';

const root = mkdtempSync(join(tmpdir(), 'image-'));
mkdirSync(join(root, 'etc'));
writeFileSync(
  join(root, 'etc/passwd'),
  'root:x:0:0:root:/root:/bin/sh\nada:x:1000:1000::/home/ada:/bin/sh\nbob:x:1001:100::/home/bob:/bin/sh\n',
);
writeFileSync(
  join(root, 'etc/group'),
  'root:x:0:\nada:x:1000:ada\nusers:x:100:\nvideo:x:44:bob,ada\nrender:x:105:ada\nadam:x:9:adam\n',
);
afterAll(() => rmSync(root, { recursive: true }));

const container: Container = { name: 'main', image: 'it' };
function of(securityContext: PodSpec['securityContext'], user = '', own: object = {}) {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'it', namespace: 'default', uid: '1' },
    spec: { containers: [container], ...(securityContext ? { securityContext } : {}) },
  };
  const { uid, gid, groups, home } = identityOf(
    pod,
    { ...container, securityContext: own },
    { root, user: user || '0' },
  );
  return [uid, gid, groups.join(), home];
}

test.each([
  ['the image’s user, with its groups', undefined, 'ada', [1000, 1000, '1000,44,105', '/home/ada']],
  ['a number that the image has a name for', undefined, '1001', [1001, 100, '100,44', '/home/bob']],
  ['a number that it has none for', undefined, '77', [77, 0, '0', '/']],
  ['the image’s user and group', undefined, 'ada:users', [1000, 100, '100,44,105', '/home/ada']],
  ['who the pod says', { runAsUser: 1001 }, 'ada', [1001, 100, '100,44', '/home/bob']],
  [
    'groups that the pod adds, after those of the image',
    { runAsUser: 1000, runAsGroup: 5, supplementalGroups: [7, 44], fsGroup: 8 },
    '',
    [1000, 5, '5,44,105,7,8', '/home/ada'],
  ],
  [
    'no groups but the pod’s, where it is strict',
    { runAsUser: 1000, supplementalGroups: [7], supplementalGroupsPolicy: 'Strict' },
    '',
    [1000, 1000, '1000,7', '/home/ada'],
  ],
] as const)('%s', (_, securityContext, user, expected) => {
  expect(of(securityContext as PodSpec['securityContext'], user)).toEqual(expected);
});

test('root, a user by a name that nobody has, and a name that cannot be told from root’s are refused where they must be', () => {
  expect(() => of({ runAsNonRoot: true })).toThrow('container has runAsNonRoot and image will run as root');
  expect(() => of({ runAsNonRoot: true }, '', { runAsUser: 0 })).toThrow(
    "container's runAsUser breaks non-root policy",
  );
  expect(() => of({ runAsNonRoot: true }, 'ada')).toThrow('image has non-numeric user (ada)');
  expect(() => of(undefined, 'eve')).toThrow('unable to find user eve: no matching entries in passwd file');
});
