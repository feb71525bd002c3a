// The client of those who live in the server's own process: no socket, no text, the same verbs and the same errors.

import type { Authenticator } from '../auth/authenticator.ts';
import type { RbacAuthorizer } from '../auth/rbac.ts';
import type { ServiceAccountTokens } from '../auth/service-account-token.ts';
import { controlPlane, type UserInfo } from '../auth/user.ts';
import type {
  ApplyOptions,
  DeleteOptions,
  KubernetesClient,
  ListOptions,
  PatchType,
  ResourceRef,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from '../client/kubernetes-client.ts';
import type { KubernetesList, KubernetesObject } from '../client/kubernetes-object.ts';
import { createObject } from './create.ts';
import { deleteObject } from './delete.ts';
import { getObject } from './get.ts';
import { acceptObject } from './incoming-object.ts';
import { listObjects } from './list.ts';
import { patchObject } from './patch.ts';
import type { ApiContext, Caller, Target, WriteOptions as VerbWriteOptions } from './request.ts';
import { answerReview, isReview } from './reviews/reviews.ts';
import { noSuchResource, notFound } from './status-errors.ts';
import { bindPod } from './subresources/bind-pod.ts';
import { evictPod } from './subresources/evict-pod.ts';
import { finalizeNamespace } from './subresources/finalize-namespace.ts';
import { getScale, patchScale, updateScale } from './subresources/scale.ts';
import { requestToken } from './subresources/token-request.ts';
import { updateObject } from './update.ts';
import { watchObjects } from './watch.ts';
import { WatchQueue } from './watch-queue.ts';

interface InProcessParts {
  readonly rbac: RbacAuthorizer;
  readonly authenticator: Authenticator;
  readonly tokens: ServiceAccountTokens;
}

export class InProcessKubernetesClient implements KubernetesClient {
  readonly #context: ApiContext;
  readonly #parts: InProcessParts;
  readonly #caller: Caller;

  /** @param user who this client acts as; nothing asks whether it may */
  constructor(
    context: ApiContext,
    parts: InProcessParts,
    user: UserInfo = controlPlane,
    userAgent = 'local-kubernetes',
  ) {
    this.#context = context;
    this.#parts = parts;
    this.#caller = { user, userAgent, warn: () => {} };
  }

  /** The same client under another field manager. */
  withUserAgent(userAgent: string): InProcessKubernetesClient {
    return new InProcessKubernetesClient(this.#context, this.#parts, this.#caller.user, userAgent);
  }

  async get(ref: ResourceRef): Promise<KubernetesObject> {
    const target = this.#target(ref);
    if (target.subresource === 'scale') return getScale(this.#context, target);
    return structuredClone(getObject(this.#context, target));
  }

  async list(collection: Omit<ResourceRef, 'name'>, options: ListOptions = {}): Promise<KubernetesList> {
    const { items, ...rest } = listObjects(this.#context, this.#target(collection), options);
    return { ...rest, items: items.map(({ text }) => JSON.parse(text) as KubernetesObject) };
  }

  async create(
    ref: Omit<ResourceRef, 'name'> & { name?: string },
    object: object,
    options: WriteOptions = {},
  ): Promise<KubernetesObject> {
    const target = this.#target(ref);
    const write = this.#writeOptions(options);
    const context = this.#context;
    const { subresource } = target;
    if (subresource === 'binding' || subresource === 'eviction') {
      if (subresource === 'binding') await bindPod(context, target, object, write, this.#caller);
      else await evictPod(context, target, object, write, this.#caller);
      return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };
    }
    if (subresource === 'token') return requestToken(context, this.#parts.tokens, target, object, write, this.#caller);
    if (subresource) throw notFound({ group: target.kind.group, resource: target.kind.plural }, subresource);
    if (isReview(target)) {
      const question = acceptObject(context, target, object, write, this.#caller);
      return answerReview({ ...this.#parts, now: context.now }, target, question, this.#caller, write.fieldManager);
    }
    return structuredClone(await createObject(context, target, object, write, this.#caller));
  }

  async update(ref: ResourceRef, object: object, options: WriteOptions = {}): Promise<KubernetesObject> {
    const target = this.#target(ref);
    const write = this.#writeOptions(options);
    if (target.subresource === 'scale') return updateScale(this.#context, target, object, write, this.#caller);
    if (target.subresource === 'finalize') return finalizeNamespace(this.#context, target, object, write, this.#caller);
    return structuredClone((await updateObject(this.#context, target, object, write, this.#caller)).object);
  }

  async patch(
    ref: ResourceRef,
    patch: unknown,
    type: PatchType,
    options: ApplyOptions = {},
  ): Promise<KubernetesObject> {
    const target = this.#target(ref);
    const write = { ...this.#writeOptions(options), force: options.force ?? false };
    if (target.subresource === 'scale') return patchScale(this.#context, target, type, patch, write, this.#caller);
    return structuredClone((await patchObject(this.#context, target, type, patch, write, this.#caller)).object);
  }

  async delete(ref: ResourceRef, options: DeleteOptions = {}): Promise<void> {
    await deleteObject(this.#context, this.#target(ref), options, { dryRun: false }, this.#caller);
  }

  async *watch(collection: Omit<ResourceRef, 'name'>, options: WatchOptions = {}): AsyncGenerator<WatchEvent> {
    const { signal, ...rest } = options;
    const queue = new WatchQueue();
    const open = watchObjects(this.#context, this.#target(collection), rest, (change) => queue.push(change));
    try {
      yield* queue.events(signal);
    } finally {
      open.close();
    }
  }

  #target({
    apiVersion,
    plural,
    namespace = '',
    name = '',
    subresource = '',
  }: Partial<ResourceRef> & Omit<ResourceRef, 'name'>): Target {
    const [group, version] = apiVersion.includes('/') ? (apiVersion.split('/') as [string, string]) : ['', apiVersion];
    const kind = this.#context.resources.find(group, version, plural);
    if (!kind) throw noSuchResource();
    return { kind, namespace: kind.namespaced ? namespace : '', name, subresource };
  }

  #writeOptions({ fieldManager, dryRun = false }: WriteOptions): VerbWriteOptions {
    return { dryRun, fieldManager: fieldManager ?? this.#caller.userAgent, fieldValidation: 'Ignore' };
  }
}
