// From a method and a resource path to a verb. Authorization has been given before anything here runs.

import type { Authenticator } from '../auth/authenticator.ts';
import type { RbacAuthorizer } from '../auth/rbac.ts';
import type { ServiceAccountTokens } from '../auth/service-account-token.ts';
import type { KubernetesObject } from '../client/kubernetes-object.ts';
import { sentKinds } from '../kinds/built-in.ts';
import type { Kind } from '../kinds/kind.ts';
import { ownMember } from '../schema/own-member.ts';
import { createObject } from '../verbs/create.ts';
import { type DeleteResult, deleteCollection, deleteObject, showsRemovedObject } from '../verbs/delete.ts';
import { getObject } from '../verbs/get.ts';
import { acceptObject } from '../verbs/incoming-object.ts';
import { listObjects } from '../verbs/list.ts';
import { demandServed, type PatchType, patchMediaTypes, patchObject } from '../verbs/patch.ts';
import { type ApiContext, resourceOf, type Target } from '../verbs/request.ts';
import { answerReview, isReview } from '../verbs/reviews/reviews.ts';
import {
  badRequest,
  methodNotAllowed,
  noSuchResource,
  notFound,
  unsupportedPatchType,
} from '../verbs/status-errors.ts';
import { duplicateTexts } from '../verbs/strict-problems.ts';
import { bindPod } from '../verbs/subresources/bind-pod.ts';
import { evictPod } from '../verbs/subresources/evict-pod.ts';
import { finalizeNamespace } from '../verbs/subresources/finalize-namespace.ts';
import { getScale, patchScale, updateScale } from '../verbs/subresources/scale.ts';
import { requestToken } from '../verbs/subresources/token-request.ts';
import { updateObject } from '../verbs/update.ts';
import { parseContent, parsePatch, twiceTexts } from './content.ts';
import type { Exchange } from './exchange.ts';
import { parseMediaType } from './media-type.ts';
import type { NodeProxy } from './node-proxy.ts';
import { readBody } from './request-body.ts';
import {
  deleteOptions,
  listOptions,
  patchOptions,
  timeoutSeconds,
  watchOptions,
  writeOptions,
} from './request-options.ts';
import type { ResourcePath } from './request-path.ts';
import { sendList, sendObject } from './resource-response.ts';
import type { WatchStreams } from './watch-stream.ts';

export interface RouteParts {
  readonly context: ApiContext;
  readonly rbac: RbacAuthorizer;
  readonly authenticator: Authenticator;
  readonly tokens: ServiceAccountTokens;
  readonly watches: WatchStreams;
  readonly nodes: NodeProxy;
}

/** What a path names, if it is served. @throws {StatusError} NotFound */
export function targetOf(context: ApiContext, path: ResourcePath): Target | undefined {
  const kind = context.resources.find(path.group, path.version, path.resource);
  if (!kind) return undefined;
  const namespace = path.namespace ?? '';
  if (namespace && !kind.namespaced) return undefined;
  return { kind, namespace, name: path.name ?? '', subresource: path.subresource ?? '' };
}

/** Serves one authorized request for a resource. @throws {StatusError} */
export async function serveResource(
  parts: RouteParts,
  exchange: Exchange,
  target: Target,
  isWatch: boolean,
): Promise<void> {
  const { context } = parts;
  if (target.kind.deprecationWarning) exchange.warn(target.kind.deprecationWarning);
  if (target.subresource) return serveSubresource(parts, exchange, target);
  const now = context.now();
  const { kind } = target;
  if (kind.namespaced && !target.namespace) {
    // Only lists go across namespaces.
    if (target.name) throw noSuchResource();
    if (exchange.method !== 'GET') throw methodNotAllowed();
  }
  switch (exchange.method) {
    case 'GET':
      demandVerb(target, target.name ? 'get' : 'list');
      if (isWatch) return parts.watches.serve(exchange, target);
      if (target.name) {
        return sendObject(
          exchange,
          200,
          kind,
          getObject(context, target, exchange.query.get('resourceVersion') ?? ''),
          now,
        );
      }
      timeoutSeconds(exchange);
      return sendList(exchange, kind, listObjects(context, target, watchOptions(exchange)), now);
    case 'POST':
      if (target.name) throw methodNotAllowed();
      return create(parts, exchange, target);
    case 'PUT': {
      if (!target.name) throw methodNotAllowed();
      demandVerb(target, 'update');
      const { body, options } = await written(exchange, target, 'UpdateOptions');
      const { object, isCreated } = await updateObject(context, target, body, options, exchange);
      return sendObject(exchange, isCreated ? 201 : 200, kind, object, now);
    }
    case 'PATCH':
      if (!target.name) throw methodNotAllowed();
      demandVerb(target, 'patch');
      return patch(parts, exchange, target);
    case 'DELETE':
      demandVerb(target, target.name ? 'delete' : 'deletecollection');
      return remove(parts, exchange, target);
    default:
      throw methodNotAllowed();
  }
}

async function create(parts: RouteParts, exchange: Exchange, target: Target): Promise<void> {
  const { context } = parts;
  demandVerb(target, 'create');
  const { body, options } = await written(exchange, target, 'CreateOptions');
  if (isReview(target)) {
    const question = acceptObject(context, target, body, options, exchange);
    return exchange.send(
      201,
      answerReview({ ...parts, now: context.now }, target, question, exchange, options.fieldManager),
    );
  }
  if (target.kind.kind === 'Binding') {
    const name = nameOf(body);
    await bindPod(context, podTarget(context, target, name), body, options, exchange);
    return exchange.send(201, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 });
  }
  const object = await createObject(context, target, body, options, exchange);
  sendObject(exchange, 201, target.kind, object, context.now());
}

async function patch({ context }: RouteParts, exchange: Exchange, target: Target): Promise<void> {
  const type = patchType(exchange);
  demandServed(type, target.kind);
  const { value, options } = await patchContent(exchange, type);
  const { object, isCreated } = await patchObject(context, target, type, value, options, exchange);
  sendObject(exchange, isCreated ? 201 : 200, target.kind, object, context.now());
}

async function remove({ context }: RouteParts, exchange: Exchange, target: Target): Promise<void> {
  const body = await readBody(exchange.request);
  const sent =
    body.length > 0 ? parseContent(body, exchange.request.headers['content-type'], 'DeleteOptions').value : undefined;
  const { dryRun, ...options } = deleteOptions(exchange, sent);
  if (!target.name) {
    const list = await deleteCollection(context, target, listOptions(exchange), options, { dryRun }, exchange);
    return sendList(exchange, target.kind, list, context.now());
  }
  const result = await deleteObject(context, target, options, { dryRun }, exchange);
  if (result.isRemoved && !showsRemovedObject(target)) return exchange.send(200, deletedStatus(target, result));
  sendObject(exchange, 200, target.kind, result.object, context.now());
}

async function serveSubresource(parts: RouteParts, exchange: Exchange, target: Target): Promise<void> {
  const { context } = parts;
  const { kind, subresource } = target;
  const { status, scale, others = [] } = kind.subresources;
  const now = context.now();
  if (subresource === 'status' && status) return serveStatus(parts, exchange, target);
  if (subresource === 'scale' && scale) return serveScale(parts, exchange, target);
  const other = others.find(({ name }) => name === subresource);
  if (!other) throw kind.builtIn ? noSuchResource() : notFound(resourceOf(target), target.name);
  const isPod = kind.group === '' && kind.plural === 'pods';
  if (isPod && subresource === 'log') return parts.nodes.serveLog(exchange, target);
  if (isPod && ['exec', 'attach', 'portforward'].includes(subresource)) throw badRequest('Upgrade request required');
  if (subresource === 'ephemeralcontainers') return serveStatus(parts, exchange, target);
  const isPost = exchange.method === 'POST';
  if (isPod && isPost && (subresource === 'binding' || subresource === 'eviction')) {
    const kind = subresource === 'binding' ? bindingKind(context) : sentKinds.eviction;
    const { body, options } = await written(exchange, { kind }, 'CreateOptions');
    if (subresource === 'binding') await bindPod(context, target, body, options, exchange);
    else await evictPod(context, target, body, options, exchange);
    return exchange.send(201, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 });
  }
  if (kind.plural === 'serviceaccounts' && subresource === 'token' && isPost) {
    const { body, options } = await written(exchange, { kind: sentKinds.tokenRequest }, 'CreateOptions');
    return exchange.send(201, requestToken(context, parts.tokens, target, body, options, exchange));
  }
  if (kind.plural === 'namespaces' && subresource === 'finalize' && exchange.method === 'PUT') {
    const { body, options } = await written(exchange, target, 'UpdateOptions');
    const object = await finalizeNamespace(context, target, body, options, exchange);
    return sendObject(exchange, 200, kind, object, now);
  }
  throw methodNotAllowed();
}

async function serveStatus({ context }: RouteParts, exchange: Exchange, target: Target): Promise<void> {
  const now = context.now();
  switch (exchange.method) {
    case 'GET':
      return sendObject(exchange, 200, target.kind, getObject(context, target), now);
    case 'PUT': {
      const { body, options } = await written(exchange, target, 'UpdateOptions');
      const { object, isCreated } = await updateObject(context, target, body, options, exchange);
      return sendObject(exchange, isCreated ? 201 : 200, target.kind, object, now);
    }
    case 'PATCH': {
      const type = patchType(exchange);
      demandServed(type, target.kind);
      const { value, options } = await patchContent(exchange, type);
      const { object } = await patchObject(context, target, type, value, options, exchange);
      return sendObject(exchange, 200, target.kind, object, now);
    }
    default:
      throw methodNotAllowed();
  }
}

async function serveScale({ context }: RouteParts, exchange: Exchange, target: Target): Promise<void> {
  switch (exchange.method) {
    case 'GET':
      return exchange.send(200, getScale(context, target));
    case 'PUT': {
      const { body, options } = await written(exchange, { kind: sentKinds.scale }, 'UpdateOptions');
      return exchange.send(200, await updateScale(context, target, body, options, exchange));
    }
    case 'PATCH': {
      const type = patchType(exchange);
      demandServed(type, target.kind);
      const { value, options } = await patchContent(exchange, type);
      return exchange.send(200, await patchScale(context, target, type, value, options, exchange));
    }
    default:
      throw methodNotAllowed();
  }
}

function demandVerb({ kind }: Target, verb: string): void {
  if (!kind.verbs.includes(verb)) throw methodNotAllowed();
}

function patchType({ request }: Exchange) {
  const { name } = parseMediaType(request.headers['content-type'] ?? '');
  const type = ownMember(patchMediaTypes, name);
  if (!type) throw unsupportedPatchType();
  return type;
}

async function patchContent(exchange: Exchange, type: PatchType) {
  const options = patchOptions(exchange, type === 'apply');
  const content = parsePatch(await readBody(exchange.request), type, options.fieldValidation);
  const { value, duplicates } = content;
  const problems = [...duplicateTexts({ ...options, duplicates }), ...twiceTexts(content, options.fieldValidation)];
  return { value, options: { ...options, problems } };
}

/** The body of a write, and how to write it. @param optionsKind see `writeOptions` @throws {StatusError} */
async function written(exchange: Exchange, { kind }: Pick<Target, 'kind'>, optionsKind: string) {
  const options = writeOptions(exchange, optionsKind);
  const { request } = exchange;
  const content = parseContent(await readBody(request), request.headers['content-type'], kind.kind);
  const { value, duplicates } = content;
  return { body: value, options: { ...options, duplicates, problems: twiceTexts(content, options.fieldValidation) } };
}

function bindingKind(context: ApiContext): Kind {
  const kind = context.resources.find('', 'v1', 'bindings');
  if (!kind) throw noSuchResource();
  return kind;
}

function nameOf(body: unknown): string {
  const { metadata } = (body ?? {}) as Partial<KubernetesObject>;
  if (!metadata?.name) throw badRequest('metadata.name is required: it names the pod to bind');
  return metadata.name;
}

function podTarget(context: ApiContext, target: Target, name: string): Target {
  const kind = context.resources.find('', 'v1', 'pods');
  if (!kind) throw noSuchResource();
  return { kind, namespace: target.namespace, name, subresource: '' };
}

function deletedStatus(target: Target, { object }: DeleteResult): object {
  const { group, resource } = resourceOf(target);
  const { name, uid } = object.metadata;
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name, ...(group ? { group } : {}), kind: resource, uid },
  };
}
