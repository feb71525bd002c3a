// Holds the networks of this agent's pods to NetworkPolicies, from before a pod is joined to others until it ends. Its
// rules live in its own network, and go with it.

import { setImmediate } from 'node:timers/promises';
import { Informer } from '../../client/informer.ts';
import type { KubernetesClient } from '../../client/kubernetes-client.ts';
import { StatusError } from '../../client/status-error.ts';
import { hasEnded } from '../../kinds/pod-end.ts';
import type { Pod } from '../pod-types.ts';
import { filterRules } from './filter-rules.ts';
import {
  type AddressedPod,
  admits,
  isolationOf,
  type NetworkPolicy,
  type PolicyView,
  policiesOf,
} from './isolation.ts';
import type { PacketFilter } from './packet-filter.ts';

const policyKind = { apiVersion: 'networking.k8s.io/v1', plural: 'networkpolicies' };
const namespaceKind = { apiVersion: 'v1', plural: 'namespaces' };
const retryMs = 1000;
const atOnce = 4;

export interface NetworkPolicyOptions {
  readonly client: KubernetesClient;
  /** All of the cluster. */
  readonly pods: Informer;
  /** A pod's address, which this agent may know before the API does. */
  addressOf(pod: Pod): string | undefined;
  /** Those of the machine, at this moment. */
  nodeAddresses(): readonly string[];
  /** Or why no connection can be held back here. */
  readonly filter: PacketFilter | Error;
  /** Hears once of each pod, and of each policy that selects it, what is not kept. */
  notApplied(pod: Pod, message: string): void;
  onError(error: unknown): void;
}

interface Place {
  readonly pod: Pod;
  readonly processId: number | undefined;
  /** The rules in it, as text. */
  rules: string;
  failure: Error | undefined;
  isJoined: boolean;
}

const open = '[]';

export class NetworkPolicies {
  readonly #options: NetworkPolicyOptions;
  readonly #policies: Informer;
  readonly #namespaces: Informer;
  readonly #places = new Map<string, Place>();
  /** What policies read of each pod. */
  readonly #read = new Map<string, string>();
  readonly #told = new Set<string>();
  #lastPass: Promise<void> = Promise.resolve();
  #nextPass: Promise<void> | undefined;
  #retry: NodeJS.Timeout | undefined;
  #hasStopped = false;

  private constructor(options: NetworkPolicyOptions) {
    const { client, pods, onError } = options;
    this.#options = options;
    this.#policies = new Informer(client, policyKind, { onError }).onChange(() => void this.changed());
    this.#namespaces = new Informer(client, namespaceKind, { onError }).onChange(() => void this.changed());
    pods.onChange((object, change) => {
      const pod = object as Pod;
      const uid = pod.metadata.uid!;
      const { metadata, spec, status } = pod;
      const read = JSON.stringify([
        metadata.labels,
        options.addressOf(pod),
        hasEnded(pod),
        spec.hostNetwork,
        status?.podIP,
      ]);
      if (change !== 'deleted' && this.#read.get(uid) === read) return;
      if (change === 'deleted') this.#read.delete(uid);
      else this.#read.set(uid, read);
      void this.changed();
    });
  }

  /**
   * Follows the policies of the cluster; its namespaces only when there is a policy.
   * @throws StatusError where the API lets this agent not read them
   */
  static async start(options: NetworkPolicyOptions): Promise<NetworkPolicies> {
    await options.client.list(policyKind, { limit: 1 });
    const started = new NetworkPolicies(options);
    started.#policies.start();
    await started.#policies.synced;
    return started;
  }

  /**
   * What the API knows of a namespace's policies now: those that were made before a pod of it count for the pod.
   * @throws Error where it cannot be read
   */
  async learn(namespace: string): Promise<void> {
    await this.#policies.refresh(namespace);
    if (this.#policies.list().length === 0) return;
    // Where reading is not allowed no list would ever come.
    if (!this.#namespaces.isSynced) await this.#options.client.list(namespaceKind, { limit: 1 });
    await this.#namespaces.start().synced;
  }

  /**
   * Holds a pod's network to the policies from now on; others of this agent that may hear from it do when this resolves.
   * @param processId any process in its network; undefined where that is the machine's
   * @throws Error where that cannot be done: then the network must not be joined to others
   */
  async hold(pod: Pod, processId: number | undefined): Promise<void> {
    const uid = pod.metadata.uid!;
    const place: Place = { pod, processId, rules: open, failure: undefined, isJoined: false };
    this.#places.set(uid, place);
    await this.changed();
    if (!place.failure) return;
    this.letGo(uid);
    throw place.failure;
  }

  letGo(uid: string): void {
    this.#places.delete(uid);
  }

  /** Whether a pod that is held takes a connection of TCP from this address. */
  admits(uid: string, from: string, port: number): boolean {
    const place = this.#places.get(uid);
    if (!place || !this.#isKept || this.#options.nodeAddresses().includes(from)) return true;
    const { ingress } = isolationOf(this.#podOf(place), this.#view());
    return !ingress || admits(ingress, from, 'TCP', port);
  }

  /** Looks at all of it again, soon. Resolves when that is done, well or not. */
  changed(): Promise<void> {
    if (this.#hasStopped) return Promise.resolve();
    this.#nextPass ??= this.#lastPass.then(async () => {
      // What comes in one go is looked at once.
      await setImmediate();
      this.#nextPass = undefined;
      await this.#pass().catch(this.#options.onError);
    });
    this.#lastPass = this.#nextPass;
    return this.#nextPass;
  }

  async stop(): Promise<void> {
    this.#hasStopped = true;
    clearTimeout(this.#retry);
    await Promise.all([this.#policies.stop(), this.#namespaces.stop(), this.#lastPass]);
  }

  get #isKept(): boolean {
    return !(this.#options.filter instanceof Error);
  }

  async #pass(): Promise<void> {
    const hasPolicies = this.#policies.list().length > 0;
    if (hasPolicies) await this.#namespaces.start().synced;
    const view = this.#view();
    const nodeAddresses = this.#options.nodeAddresses();
    const waiting = [...this.#places.values()].filter(({ rules }) => hasPolicies || rules !== open);
    const work = async (): Promise<void> => {
      for (let place = waiting.shift(); place; place = waiting.shift()) await this.#put(place, view, nodeAddresses);
    };
    await Promise.all(Array.from({ length: atOnce }, work));
  }

  async #put(place: Place, view: PolicyView, nodeAddresses: readonly string[]): Promise<void> {
    const { filter } = this.#options;
    if (filter instanceof Error) {
      this.#tell(place, view, filter);
      return;
    }
    const rules = filterRules(isolationOf(this.#podOf(place), view), nodeAddresses);
    const text = rules.length === 0 ? open : textOf(rules);
    if (text === place.rules) return;
    try {
      await filter.put(place.processId!, rules, place.isJoined);
      Object.assign(place, { rules: text, isJoined: true, failure: undefined });
    } catch (error) {
      // A pod that has ended has taken its network along.
      if (this.#places.get(place.pod.metadata.uid!) !== place) return;
      place.failure = error as Error;
      this.#options.onError(new Error(`NetworkPolicies of pod ${place.pod.metadata.name}: ${place.failure.message}`));
      this.#retry ??= setTimeout(() => {
        this.#retry = undefined;
        void this.changed();
      }, retryMs);
    }
  }

  #tell(place: Place, view: PolicyView, { message }: Error): void {
    const pod = this.#podOf(place);
    for (const { metadata } of policiesOf(pod, view.policies)) {
      const key = `${metadata.uid} ${pod.metadata.uid}`;
      if (this.#told.has(key)) continue;
      this.#told.add(key);
      const what = `NetworkPolicy ${metadata.name} is not applied: this node holds no connection back`;
      this.#options.notApplied(pod, `${what} (${message})`);
    }
  }

  /** As the API has it now. */
  #podOf({ pod }: Place): Pod {
    const now = this.#options.pods.get(pod.metadata.namespace, pod.metadata.name!) as Pod | undefined;
    return now && now.metadata.uid === pod.metadata.uid ? now : pod;
  }

  #view(): PolicyView {
    const policies = this.#policies.list() as NetworkPolicy[];
    return {
      policies,
      pods: policies.length > 0 ? this.#addressedPods() : [],
      labelsOfNamespace: (name) => this.#namespaces.get(undefined, name)?.metadata.labels ?? {},
    };
  }

  #addressedPods(): AddressedPod[] {
    return (this.#options.pods.list() as Pod[]).flatMap((pod) => {
      if (pod.spec.hostNetwork || hasEnded(pod)) return [];
      const address = this.#options.addressOf(pod);
      return address ? [{ pod, address }] : [];
    });
  }
}

const textOf = (rules: unknown): string =>
  JSON.stringify(rules, (_, value) => (typeof value === 'bigint' ? String(value) : value));

/** Whether the API refuses for want of a right, or of the kind. */
export const isDenied = (error: unknown): error is StatusError =>
  error instanceof StatusError && [401, 403, 404].includes(error.code);
