// serviceaccounts/NAME/token: a token of an account, for a time and perhaps bound to a pod. KEP-1205.

import { issuer, type ServiceAccountTokens } from '../../auth/service-account-token.ts';
import type { KubernetesObject } from '../../client/kubernetes-object.ts';
import { timestamp } from '../create.ts';
import { getObject } from '../get.ts';
import type { ApiContext, Target } from '../request.ts';
import { badRequest, conflict, invalid, notFound } from '../status-errors.ts';

interface TokenRequest {
  metadata?: { name?: string };
  spec?: {
    audiences?: string[];
    expirationSeconds?: number;
    boundObjectRef?: { kind?: string; apiVersion?: string; name?: string; uid?: string };
  };
}

const defaultLifetimeSeconds = 3600;
const shortestSeconds = 600;
const longestSeconds = 2 ** 32;

/** Issues a token; nothing is stored. @throws {StatusError} NotFound, Invalid, Conflict, BadRequest */
export function requestToken(
  context: ApiContext,
  tokens: ServiceAccountTokens,
  target: Target,
  body: unknown,
): KubernetesObject {
  const account = getObject(context, target);
  const { spec = {}, metadata = {} } = (body ?? {}) as TokenRequest;
  if (metadata.name && metadata.name !== target.name) {
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${target.name})`);
  }
  const seconds = spec.expirationSeconds ?? defaultLifetimeSeconds;
  checkLifetime(seconds);
  const bound = boundObject(context, target, spec.boundObjectRef);
  const subject = {
    namespace: target.namespace,
    serviceAccount: { name: target.name, uid: account.metadata.uid as string },
    ...bound,
  };
  const audiences = spec.audiences?.length ? spec.audiences : [issuer];
  const { token, expires } = tokens.issue(subject, audiences, seconds, context.now());
  return {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: {
      name: target.name,
      namespace: target.namespace,
      uid: context.newUid(),
      creationTimestamp: timestamp(context.now()),
    },
    spec: { audiences, expirationSeconds: seconds, boundObjectRef: spec.boundObjectRef ?? null },
    status: { token, expirationTimestamp: timestamp(expires) },
  };
}

function checkLifetime(seconds: unknown): void {
  const refuse = (message: string): never => {
    throw invalid({ group: 'authentication.k8s.io', kind: 'TokenRequest' }, '', [
      { reason: 'FieldValueInvalid', message, field: 'spec.expirationSeconds' },
    ]);
  };
  if (typeof seconds !== 'number' || !Number.isInteger(seconds)) {
    throw badRequest('spec.expirationSeconds must be a whole number of seconds');
  }
  if (seconds < shortestSeconds) refuse(`Invalid value: ${seconds}: may not specify a duration less than 10 minutes`);
  if (seconds > longestSeconds)
    refuse(`Invalid value: ${seconds}: may not specify a duration larger than 2^32 seconds`);
}

function boundObject(
  context: ApiContext,
  target: Target,
  reference: NonNullable<TokenRequest['spec']>['boundObjectRef'],
) {
  if (!reference) return {};
  const plural = { Pod: 'pods', Secret: 'secrets', Node: 'nodes' }[reference.kind ?? ''];
  if (!plural || !reference.name) {
    throw badRequest(`cannot bind token to object of type ${reference.apiVersion ?? ''}, Kind=${reference.kind ?? ''}`);
  }
  const key = plural === 'nodes' ? reference.name : `${target.namespace}/${reference.name}`;
  const object = context.store.get(plural, key)?.object;
  if (!object) throw notFound({ group: '', resource: plural }, reference.name);
  const uid = object.metadata.uid as string;
  if (reference.uid && reference.uid !== uid) {
    throw conflict(
      { group: '', resource: plural },
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
