// The kinds that are asked and never stored: who am I, may I, may they.
// Facts: k8s.io/api authorization/v1 and authentication/v1.

import type { Authenticator } from '../../auth/authenticator.ts';
import type { Access, RbacAuthorizer } from '../../auth/rbac.ts';
import type { UserInfo } from '../../auth/user.ts';
import type { KubernetesObject } from '../../client/kubernetes-object.ts';
import { trackUpdate } from '../../patch/apply.ts';
import { timestamp } from '../create.ts';
import { apiVersionOf, type Caller, type Target } from '../request.ts';
import { badRequest, invalid, noSuchResource } from '../status-errors.ts';

export interface ReviewPorts {
  readonly rbac: RbacAuthorizer;
  readonly authenticator: Authenticator;
  now(): Date;
}

type Review = (ports: ReviewPorts, target: Target, object: KubernetesObject, caller: Caller) => object;

interface AccessSpec {
  resourceAttributes?: {
    verb?: string;
    group?: string;
    version?: string;
    resource?: string;
    subresource?: string;
    namespace?: string;
    name?: string;
  };
  nonResourceAttributes?: { path?: string; verb?: string };
  user?: string;
  groups?: string[];
  uid?: string;
  extra?: Record<string, string[]>;
  namespace?: string;
}

const reviews: Readonly<Record<string, Review>> = {
  SelfSubjectReview: (_ports, _target, _object, { user }) => ({ userInfo: userInfo(user) }),
  SelfSubjectAccessReview: ({ rbac }, target, object, { user }) =>
    decided(rbac, user, accessOf(target, object['spec'] as AccessSpec)),
  SubjectAccessReview: ({ rbac }, target, object) => {
    const spec = (object['spec'] ?? {}) as AccessSpec;
    return decided(rbac, subjectOf(target, spec), accessOf(target, spec));
  },
  LocalSubjectAccessReview: ({ rbac }, target, object) => {
    const spec = (object['spec'] ?? {}) as AccessSpec;
    const access = accessOf(target, spec);
    if (!('resource' in access) || access.namespace !== target.namespace) {
      refuse(
        target,
        'FieldValueInvalid',
        'spec.resourceAttributes.namespace',
        `Invalid value: "${'namespace' in access ? access.namespace : ''}": must match metadata.namespace`,
      );
    }
    return decided(rbac, subjectOf(target, spec), access);
  },
  SelfSubjectRulesReview: ({ rbac }, _target, object, { user }) => {
    const { namespace = '' } = (object['spec'] ?? {}) as AccessSpec;
    if (!namespace) throw badRequest('no namespace on request');
    const rules = rbac.rulesOf(user, namespace);
    return {
      resourceRules: rules
        .filter((rule) => rule.resources?.length)
        .map(({ verbs, apiGroups, resources, resourceNames }) => ({
          verbs,
          apiGroups,
          resources,
          ...(resourceNames?.length ? { resourceNames } : {}),
        })),
      nonResourceRules: rules
        .filter((rule) => rule.nonResourceURLs?.length)
        .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
      incomplete: false,
    };
  },
  TokenReview: ({ authenticator }, _target, object) => {
    const { token = '', audiences } = (object['spec'] ?? {}) as { token?: string; audiences?: string[] };
    if (!token) throw badRequest('token is required for TokenReview in authentication');
    const found = authenticator.authenticateToken(token, audiences?.length ? audiences : undefined);
    if (!found) return { user: {}, error: 'invalid bearer token' };
    return { authenticated: true, user: userInfo(found.user), audiences: found.claims.audiences };
  },
};

/** Answers a review: the object with its status. @throws {StatusError} Invalid for a question that is none */
export function answerReview(
  ports: ReviewPorts,
  target: Target,
  object: KubernetesObject,
  caller: Caller,
  fieldManager: string,
): KubernetesObject {
  const { kind } = target;
  const review = reviews[kind.kind];
  if (!review) throw noSuchResource();
  const status = review(ports, target, object, caller);
  if (kind.kind === 'SelfSubjectReview') {
    return { ...object, metadata: { ...object.metadata, creationTimestamp: timestamp(ports.now()) }, status };
  }
  const time = ports.now();
  const tracked = trackUpdate({
    before: undefined,
    after: object,
    manager: fieldManager,
    apiVersion: apiVersionOf(kind),
    schema: kind.schema,
    time,
  });
  return { ...(kind.kind === 'SelfSubjectRulesReview' ? { ...object, spec: {} } : tracked), status };
}

export function isReview(target: Target): boolean {
  return target.kind.kind in reviews;
}

function decided(rbac: RbacAuthorizer, user: UserInfo, access: Access): object {
  const { isAllowed, reason } = rbac.authorize(user, access);
  return { allowed: isAllowed, ...(reason ? { reason } : {}) };
}

function accessOf(target: Target, spec: AccessSpec = {}): Access {
  const { resourceAttributes: resource, nonResourceAttributes: path } = spec;
  if (resource && path) {
    refuse(
      target,
      'FieldValueInvalid',
      'spec.nonResourceAttributes',
      `Invalid value: ${JSON.stringify({ Path: path.path ?? '', Verb: path.verb ?? '' })}: cannot be specified in combination with resourceAttributes`,
    );
  }
  if (path) return { verb: path.verb ?? '', path: path.path ?? '' };
  if (!resource) {
    return refuse(
      target,
      'FieldValueInvalid',
      'spec.resourceAttributes',
      'Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified',
    );
  }
  const { verb = '', group = '', version = '', resource: name = '', subresource = '', namespace = '' } = resource;
  return { verb, group, version, resource: name, subresource, namespace, name: resource.name ?? '' };
}

function subjectOf(target: Target, { user, groups = [], uid, extra }: AccessSpec): UserInfo {
  if (!user && groups.length === 0) {
    refuse(
      target,
      'FieldValueInvalid',
      'spec.user',
      'Invalid value: "": at least one of user or group must be specified',
    );
  }
  return { username: user ?? '', groups, ...(uid ? { uid } : {}), ...(extra ? { extra } : {}) };
}

function refuse(target: Target, reason: string, field: string, message: string): never {
  // A real server leaves the kind out here.
  throw invalid({ group: target.kind.group, kind: '' }, '', [{ reason, field, message }]);
}

function userInfo({ username, uid, groups, extra }: UserInfo): object {
  return { username, ...(uid ? { uid } : {}), groups, ...(extra ? { extra } : {}) };
}
