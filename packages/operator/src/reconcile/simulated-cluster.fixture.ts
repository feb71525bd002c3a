/**
 * A Kubernetes cluster in memory, as far as the operator sees one: objects with versions, watches, and a Job controller
 * and kubelet that do their work when `settle` is called. Faults are put before single requests.
 */
import { type Duplex, PassThrough } from 'node:stream';
import { clusterLabel, indexLabel, type KubernetesObject, podSelector } from '@ebb/minicluster';
import { ApiError } from '../kubernetes/api-error.ts';
import type { KubernetesApi, ObjectList, WatchEvent } from '../kubernetes/kubernetes-api.ts';
import { type Resource, resourceOf } from '../kubernetes/resources.ts';

interface Watcher {
  plural: string;
  push: (event: WatchEvent | ApiError) => void;
}

export interface Write {
  verb: string;
  kind: string;
  name: string;
  subresource?: string;
}

export class SimulatedCluster implements KubernetesApi {
  readonly #objects = new Map<string, KubernetesObject>();
  readonly #watchers = new Set<Watcher>();
  #version = 1;
  #pod = 0;
  /** Writes that were carried out, in order. */
  readonly writes: Write[] = [];
  /** Requests of all kinds, in order, as `patch jobs` or `update miniclusters/status`. */
  readonly requests: string[] = [];
  /** Asked before each request; throws to refuse it. */
  before: (verb: string, plural: string) => void = () => {};
  /** Asked after each write was carried out; throws to lose the answer. */
  after: (write: Write) => void = () => {};
  /** Kubernetes 1.N; from 28 on pods bear their index as a label, before only as an annotation. */
  minor = 35;
  /** What the scheduler does with new pods. */
  scheduler: 'places' | 'turns away' | 'is away' = 'places';

  #asked(verb: string, plural: string, subresource?: string): void {
    this.requests.push(`${verb} ${plural}${subresource ? `/${subresource}` : ''}`);
    this.before(verb, plural);
  }

  async version() {
    return { major: 1, minor: this.minor, text: `v1.${this.minor}.0` };
  }

  async get(resource: Resource, namespace: string, name: string): Promise<KubernetesObject> {
    this.#asked('get', resource.plural);
    return copy(this.#need(resource.plural, namespace, name));
  }

  async list(resource: Resource): Promise<ObjectList> {
    this.#asked('list', resource.plural);
    const items = [...this.#objects]
      .filter(([key]) => key.startsWith(`${resource.plural}/`))
      .map(([, object]) => frozen(copy(object)));
    const seen = resource.plural === 'miniclusters' ? items : items.filter((item) => isSelected(resource.plural, item));
    return { metadata: { resourceVersion: `${this.#version}` }, items: seen };
  }

  async *watch(
    resource: Resource,
    _namespace: string | undefined,
    options: { resourceVersion: string; signal: AbortSignal },
  ): AsyncIterable<WatchEvent> {
    this.#asked('watch', resource.plural);
    if (Number(options.resourceVersion) < this.#oldest) throw new ApiError(410, 'Expired', 'too old');
    const waiting: (WatchEvent | ApiError)[] = this.#history
      .filter(({ version, plural }) => version > Number(options.resourceVersion) && plural === resource.plural)
      .map(({ event }) => event);
    let wake = () => {};
    const watcher: Watcher = {
      plural: resource.plural,
      push: (event) => {
        waiting.push(event);
        wake();
      },
    };
    this.#watchers.add(watcher);
    const stop = () => wake();
    options.signal.addEventListener('abort', stop);
    try {
      while (!options.signal.aborted) {
        const event = waiting.shift();
        if (event instanceof ApiError) throw event;
        if (event) yield frozen(copy(event));
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
    } finally {
      this.#watchers.delete(watcher);
      options.signal.removeEventListener('abort', stop);
    }
  }

  readonly #history: { version: number; plural: string; event: WatchEvent }[] = [];
  #oldest = 0;

  /** Ends all watches; with `expire` nobody can go on from where they were. */
  dropWatches(expire: boolean): void {
    if (expire) this.#oldest = this.#version + 1;
    if (expire) this.#version += 1;
    for (const watcher of this.#watchers)
      watcher.push(new ApiError(expire ? 410 : 0, expire ? 'Expired' : 'Connection', 'dropped'));
  }

  async create(object: KubernetesObject): Promise<KubernetesObject> {
    return this.#write('create', object, undefined, () => {
      if (this.#find(object)) throw new ApiError(409, 'AlreadyExists', `${object.metadata.name} exists`);
      return { ...copy(object), metadata: { ...object.metadata, uid: `uid-${this.#version}`, generation: 1 } };
    });
  }

  async update(object: KubernetesObject, subresource?: string): Promise<KubernetesObject> {
    return this.#write('update', object, subresource, () => {
      const live = this.#need(resourceOf(object).plural, object.metadata.namespace ?? '', object.metadata.name);
      this.#check(live, object.metadata.resourceVersion);
      return subresource === 'status' ? { ...live, status: copy(object['status']) } : copy(object);
    });
  }

  async apply(object: KubernetesObject): Promise<KubernetesObject> {
    return this.#write('apply', object, undefined, () => {
      const live = this.#find(object);
      if (!live)
        return { ...copy(object), metadata: { ...object.metadata, uid: `uid-${this.#version}`, generation: 1 } };
      return merge(live, object) as KubernetesObject;
    });
  }

  async patch(resource: Resource, namespace: string, name: string, patch: unknown): Promise<KubernetesObject> {
    const target = { apiVersion: resource.apiVersion, kind: resource.kind, metadata: { namespace, name } };
    return this.#write('patch', target, undefined, () => {
      const live = this.#need(resource.plural, namespace, name);
      this.#check(live, (patch as { metadata?: { resourceVersion?: string } }).metadata?.resourceVersion);
      const next = merge(live, patch) as KubernetesObject;
      const hasChanged = JSON.stringify(next['spec']) !== JSON.stringify(live['spec']);
      next.metadata = { ...next.metadata, generation: (live.metadata.generation ?? 1) + (hasChanged ? 1 : 0) };
      return next;
    });
  }

  async delete(resource: Resource, namespace: string, name: string): Promise<void> {
    const target = { apiVersion: resource.apiVersion, kind: resource.kind, metadata: { namespace, name } };
    await this.#write('delete', target, undefined, () => {
      this.#need(resource.plural, namespace, name);
      this.remove(resource.plural, namespace, name);
      return undefined;
    });
  }

  async exec(): Promise<Duplex> {
    return new PassThrough();
  }

  /** An object as it stands. */
  find(plural: string, name: string): KubernetesObject | undefined {
    return this.#objects.get(`${plural}/ns/${name}`);
  }

  all(plural: string): KubernetesObject[] {
    return [...this.#objects].filter(([key]) => key.startsWith(`${plural}/`)).map(([, object]) => object);
  }

  /** Puts an object in as a user (or a controller) would; no fault hits it. */
  put(object: KubernetesObject): KubernetesObject {
    const key = keyOf(object);
    const live = this.#objects.get(key);
    const next = copy(object);
    next.metadata = { uid: `uid-${this.#version}`, ...next.metadata, resourceVersion: `${++this.#version}` };
    if (live && JSON.stringify(live['spec']) !== JSON.stringify(next['spec']))
      next.metadata.generation = (live.metadata.generation ?? 1) + 1;
    next.metadata.generation ??= 1;
    this.#objects.set(key, next);
    this.#tell(resourceOf(object).plural, { type: live ? 'MODIFIED' : 'ADDED', object: next });
    return next;
  }

  remove(plural: string, namespace: string, name: string): void {
    const key = `${plural}/${namespace}/${name}`;
    const live = this.#objects.get(key);
    if (!live) return;
    this.#objects.delete(key);
    this.#tell(plural, {
      type: 'DELETED',
      object: { ...live, metadata: { ...live.metadata, resourceVersion: `${++this.#version}` } },
    });
    for (const [, owned] of [...this.#objects]) {
      if (owned.metadata.ownerReferences?.some((each) => each.uid === live.metadata.uid)) {
        this.remove(resourceOf(owned).plural, owned.metadata.namespace ?? '', owned.metadata.name);
      }
    }
  }

  /** Job controller, scheduler and kubelet: pods of each Job become what it asks for, and run. @returns whether anything changed */
  settle(): boolean {
    let changed = false;
    for (const job of this.all('jobs')) {
      const { parallelism, suspend } = job['spec'] as { parallelism: number; suspend?: boolean };
      const wanted = suspend ? 0 : parallelism;
      const own = this.all('pods').filter((pod) =>
        pod.metadata.ownerReferences?.some((each) => each.uid === job.metadata.uid),
      );
      for (const pod of own) {
        const isWanted = Number(pod.metadata.annotations?.[indexLabel]) < wanted;
        if (isWanted && (pod['status'] || this.scheduler === 'is away')) continue;
        const status = this.scheduler === 'places' ? runningStatus(job.metadata.name) : turnedAway;
        if (isWanted) this.put({ ...pod, status });
        else this.remove('pods', 'ns', pod.metadata.name);
        changed = true;
      }
      for (let index = 0; index < wanted; index++) {
        if (own.some((pod) => pod.metadata.annotations?.[indexLabel] === `${index}`)) continue;
        this.put(podOf(job, index, ++this.#pod, this.minor));
        changed = true;
      }
    }
    return changed;
  }

  async #write(
    verb: string,
    target: KubernetesObject,
    subresource: string | undefined,
    change: () => KubernetesObject | undefined,
  ): Promise<KubernetesObject> {
    const { plural } = resourceOf(target);
    this.#asked(verb, plural, subresource);
    const next = change();
    let answer = next;
    if (next) {
      const live = this.#find(next);
      const isSame =
        live !== undefined &&
        JSON.stringify({ ...live, metadata: { ...live.metadata, resourceVersion: '' } }) ===
          JSON.stringify({ ...next, metadata: { ...next.metadata, resourceVersion: '' } });
      if (!isSame) {
        next.metadata.resourceVersion = `${++this.#version}`;
        this.#objects.set(keyOf(next), next);
        this.#tell(plural, { type: live ? 'MODIFIED' : 'ADDED', object: next });
      }
      answer = copy(next);
    }
    const write = { verb, kind: target.kind, name: target.metadata.name, ...(subresource ? { subresource } : {}) };
    this.writes.push(write);
    this.after(write);
    return answer as KubernetesObject;
  }

  #tell(plural: string, event: WatchEvent): void {
    const told = copy(event);
    this.#history.push({ version: this.#version, plural, event: told });
    for (const watcher of this.#watchers) {
      const isSeen = plural === 'miniclusters' || isSelected(plural, told.object);
      if (watcher.plural === plural && isSeen) watcher.push(told);
    }
  }

  #find(object: KubernetesObject): KubernetesObject | undefined {
    return this.#objects.get(keyOf(object));
  }

  #need(plural: string, namespace: string, name: string): KubernetesObject {
    const found = this.#objects.get(`${plural}/${namespace}/${name}`);
    if (!found) throw new ApiError(404, 'NotFound', `${plural} ${name} not found`);
    return found;
  }

  #check(live: KubernetesObject, version: string | undefined): void {
    if (version && version !== live.metadata.resourceVersion)
      throw new ApiError(409, 'Conflict', 'the object has been modified');
  }
}

function podOf(job: KubernetesObject, index: number, number: number, minor: number): KubernetesObject {
  const { name, uid = '' } = job.metadata;
  const { template } = job['spec'] as { template: KubernetesObject };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${name}-${index}-${number}`,
      namespace: 'ns',
      annotations: { [indexLabel]: `${index}` },
      labels: { ...template.metadata.labels, ...(minor >= 28 ? { [indexLabel]: `${index}` } : {}) },
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name, uid, controller: true }],
    },
  };
}

function runningStatus(container: string): object {
  return {
    phase: 'Running',
    conditions: [{ type: 'PodScheduled', status: 'True' }],
    containerStatuses: [{ name: container, ready: true, state: { running: {} } }],
  };
}

const turnedAway = {
  phase: 'Pending',
  conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/1 nodes are available' }],
};

/** As the selectors of the operator's watches. */
function isSelected(plural: string, { metadata }: KubernetesObject): boolean {
  if (plural !== 'pods') return metadata.labels?.[clusterLabel] !== undefined;
  const [label = '', value] = podSelector.labelSelector.split('=');
  return metadata.labels?.[label] === value;
}

function keyOf(object: KubernetesObject): string {
  return `${resourceOf(object).plural}/${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

/** What goes into caches: whoever writes into it throws. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
}

function copy<T>(value: T): T {
  return structuredClone(value);
}

/** RFC 7396. */
function merge(target: unknown, patch: unknown): unknown {
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) return copy(patch);
  const out: Record<string, unknown> =
    target !== null && typeof target === 'object' && !Array.isArray(target) ? { ...(target as object) } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete out[key];
    else if (key !== 'resourceVersion') out[key] = merge(out[key], value);
  }
  return out;
}
