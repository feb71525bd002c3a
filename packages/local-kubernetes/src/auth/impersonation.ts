// Impersonate-User, -Uid, -Group and -Extra-* headers: act as another, for those who may.

import type { IncomingHttpHeaders } from 'node:http';
import { badRequest, forbidden } from '../verbs/status-errors.ts';
import { denialText, type RbacAuthorizer } from './rbac.ts';
import type { UserInfo } from './user.ts';

/** The user a request acts as. @throws {StatusError} Forbidden, BadRequest for groups without a user */
export function impersonate(user: UserInfo, headers: IncomingHttpHeaders, rbac: RbacAuthorizer): UserInfo {
  const name = headers['impersonate-user'];
  const groups = listOf(headers['impersonate-group']);
  const uid = headers['impersonate-uid'];
  const extra: Record<string, string[]> = {};
  for (const [header, value] of Object.entries(headers)) {
    if (header.startsWith('impersonate-extra-')) {
      extra[decodeURIComponent(header.slice('impersonate-extra-'.length))] = listOf(value);
    }
  }
  if (typeof name !== 'string' || name === '') {
    if (groups.length > 0 || uid || Object.keys(extra).length > 0) {
      const asked = groups.map((group) => `{Group  ${group}    }`).join(' ');
      throw badRequest(`requested [${asked}] without impersonating a user`);
    }
    return user;
  }
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name);
  const demand = (resource: string, what: string, namespace = '', subresource = '', group = ''): void => {
    const access = { verb: 'impersonate', group, resource, subresource, namespace, name: what };
    if (!rbac.authorize(user, access).isAllowed) {
      throw forbidden({ group, resource }, what, denialText(user, access));
    }
  };
  if (account) demand('serviceaccounts', account[2] as string, account[1]);
  else demand('users', name);
  for (const group of groups) demand('groups', group);
  if (typeof uid === 'string') demand('uids', uid, '', '', 'authentication.k8s.io');
  for (const [key, values] of Object.entries(extra)) {
    for (const value of values) demand('userextras', value, '', key, 'authentication.k8s.io');
  }
  return {
    username: name,
    ...(typeof uid === 'string' ? { uid } : {}),
    groups: groupsOf(name, groups, account?.[1]),
    ...(Object.keys(extra).length > 0 ? { extra } : {}),
  };
}

function groupsOf(name: string, asked: readonly string[], namespace: string | undefined): string[] {
  const groups =
    asked.length === 0 && namespace ? ['system:serviceaccounts', `system:serviceaccounts:${namespace}`] : [...asked];
  const implied = name === 'system:anonymous' ? 'system:unauthenticated' : 'system:authenticated';
  if (!groups.includes(implied)) groups.push(implied);
  return groups;
}

/** Node joins repeated headers it does not know with a comma and a space. */
function listOf(header: string | string[] | undefined): string[] {
  return [header ?? []].flat().flatMap((each) => each.split(', '));
}
