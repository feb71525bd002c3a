// serviceaccounts/NAME/token: a token of an account, for a time and perhaps bound to a pod. KEP-1205.

import { issuer, type ServiceAccountTokens } from '../../auth/service-account-token.ts';
import type { KubernetesObject } from '../../client/kubernetes-object.ts';
import { sentKinds } from '../../kinds/built-in.ts';
import { trackUpdate } from '../../patch/apply.ts';
import { timestamp } from '../create.ts';
import { getObject } from '../get.ts';
import { acceptObject } from '../incoming-object.ts';
import { type ApiContext, apiVersionOf, type Caller, type Target, type WriteOptions } from '../request.ts';
import { badRequest, conflict, invalid, notFound } from '../status-errors.ts';

interface TokenSpec {
  audiences?: string[];
  expirationSeconds?: number | null;
  boundObjectRef?: BoundObject;
}

interface BoundObject {
  kind?: string;
  apiVersion?: string;
  name?: string;
  uid?: string;
}

const kind = sentKinds.tokenRequest;
const defaultLifetimeSeconds = 3600;
const shortestSeconds = 600;
const longestSeconds = 2 ** 32;

/** Issues a token; nothing is stored. @throws {StatusError} NotFound, Invalid, Conflict, BadRequest */
export function requestToken(
  context: ApiContext,
  tokens: ServiceAccountTokens,
  target: Target,
  body: unknown,
  options: WriteOptions,
  caller: Caller,
): KubernetesObject {
  const request = acceptObject(context, { ...target, kind }, body, options, caller);
  const { metadata } = request;
  demandSame(target, 'name', metadata.name);
  demandSame(target, 'namespace', metadata.namespace);
  const account = getObject(context, target).metadata;
  if (metadata.uid && metadata.uid !== account.uid) {
    throw conflict(
      { group: kind.group, resource: kind.kind },
      target.name,
      `the UID in the token request (${metadata.uid}) does not match the UID of the service account (${account.uid})`,
    );
  }
  const spec = (request['spec'] ?? {}) as TokenSpec;
  const seconds = (spec.expirationSeconds ??= defaultLifetimeSeconds);
  const tracked = trackUpdate({
    before: undefined,
    after: request,
    manager: options.fieldManager,
    apiVersion: apiVersionOf(kind),
    subresource: 'token',
    schema: kind.schema,
    time: context.now(),
  });
  const { boundObjectRef } = spec;
  checkLifetime(seconds);
  const subject = {
    namespace: target.namespace,
    serviceAccount: { name: target.name, uid: account.uid as string },
    ...boundObject(context, target, boundObjectRef),
  };
  const audiences = spec.audiences?.length ? spec.audiences : [issuer];
  const { token, expires } = tokens.issue(subject, audiences, seconds, context.now());
  const { managedFields } = tracked.metadata;
  return {
    kind: kind.kind,
    apiVersion: apiVersionOf(kind),
    metadata: {
      ...metadata,
      name: target.name,
      namespace: target.namespace,
      uid: account.uid as string,
      creationTimestamp: timestamp(context.now()),
      ...(managedFields?.length ? { managedFields } : {}),
    },
    spec: { audiences, expirationSeconds: seconds, boundObjectRef: boundObjectRef ?? null },
    status: { token, expirationTimestamp: timestamp(expires) },
  };
}

function demandSame(target: Target, field: 'name' | 'namespace', value: string | undefined): void {
  if (!value || value === target[field]) return;
  refuse(target.name, `metadata.${field}`, `"${value}": must match the service account ${field} if specified`);
}

function refuse(name: string, field: string, message: string): never {
  throw invalid(kind, name, [{ reason: 'FieldValueInvalid', message: `Invalid value: ${message}`, field }]);
}

function checkLifetime(seconds: number): void {
  const field = 'spec.expirationSeconds';
  if (seconds < shortestSeconds) refuse('', field, `${seconds}: may not specify a duration less than 10 minutes`);
  if (seconds > longestSeconds) refuse('', field, `${seconds}: may not specify a duration larger than 2^32 seconds`);
}

function boundObject(context: ApiContext, target: Target, reference: BoundObject | undefined) {
  if (!reference) return {};
  const plural = { Pod: 'pods', Secret: 'secrets', Node: 'nodes' }[reference.kind ?? ''];
  if (!plural || !reference.name) {
    const { apiVersion = '', kind: type = '' } = reference;
    throw badRequest(
      `cannot bind token to object of type ${apiVersion.includes('/') ? '' : '/'}${apiVersion}, Kind=${type}`,
    );
  }
  const key = plural === 'nodes' ? reference.name : `${target.namespace}/${reference.name}`;
  const object = context.store.get(plural, key)?.object;
  if (!object) throw notFound({ group: '', resource: plural }, reference.name);
  const uid = object.metadata.uid as string;
  if (reference.uid && reference.uid !== uid) {
    throw conflict(
      { group: '', resource: reference.kind as string },
      reference.name,
      `the UID in the bound object reference (${reference.uid}) does not match the UID in record. The object might have been deleted and then recreated`,
    );
  }
  const bound = { name: reference.name, uid };
  if (plural === 'pods') {
    const { nodeName, serviceAccountName } = (object['spec'] ?? {}) as {
      nodeName?: string;
      serviceAccountName?: string;
    };
    if (serviceAccountName !== target.name) {
      throw badRequest(
        `cannot bind token for serviceaccount "${target.name}" to pod running with different serviceaccount name.`,
      );
    }
    const node = nodeName ? context.store.get('nodes', nodeName)?.object.metadata.uid : undefined;
    return { pod: bound, ...(nodeName && node ? { node: { name: nodeName, uid: node } } : {}) };
  }
  return plural === 'secrets' ? { secret: bound } : { node: bound };
}
