// One pod on this node, from its binding to the last of it: volumes, sandbox, init containers, containers, end.

import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { StatusError } from '../../client/status-error.ts';
import { choosesNodes } from '../../scheduler/node-selection.ts';
import type { AgentContext } from '../agent-context.ts';
import { ContainerRunner } from '../containers/container-runner.ts';
import { after } from '../host/long-timer.ts';
import { rewriteInPlace } from '../host/rewrite-in-place.ts';
import type { Pod } from '../pod-types.ts';
import { MadeVolumes } from '../volumes/made-volumes.ts';
import { notedOf, type Refusal, refusalOf } from './admission.ts';
import { containerHost } from './container-host.ts';
import { hostnameOf } from './hostnames.ts';
import { misfitOf } from './node-fit.ts';
import { PodContainers } from './pod-containers.ts';
import { PodSandbox } from './pod-sandbox.ts';
import { podStatus } from './pod-status.ts';
import { StatusReport } from './status-report.ts';
import { watchStorage } from './storage-watch.ts';

/** What a pod has when it is evicted for what it wrote. */
const evictionGraceMs = 1000;

export class PodWorker {
  readonly uid: string;
  /** Resolves when nothing of the pod is left on this machine. */
  readonly done: Promise<void>;
  readonly #context: AgentContext;
  readonly #folder: string;
  readonly #startTime: string;
  readonly #report: StatusReport;
  #pod: Pod;
  readonly #sandbox: PodSandbox;
  readonly #containers: PodContainers;
  readonly #volumes: MadeVolumes;
  #isStopping = false;
  #hasStopped = false;
  #graceEnd: number | undefined;
  #isRefused = false;
  #isAdmitted = false;
  #isForgotten = false;
  #failure: { reason: string; message: string } | undefined;
  #wake: (() => void) | undefined;
  /** The text of its file of names. */
  #hosts: string | undefined;
  #stopDeadline: () => void = () => {};
  /** Aborted when its containers have ended. */
  readonly #ending = new AbortController();

  constructor(pod: Pod, context: AgentContext) {
    this.uid = pod.metadata.uid!;
    this.#pod = pod;
    this.#context = context;
    this.#folder = join(context.podsFolder, this.uid);
    this.#volumes = new MadeVolumes(
      join(this.#folder, 'volumes'),
      {
        pod: () => this.#pod,
        fields: () => this.#fields(),
        failed: (why) => {
          this.#event('Warning', 'FailedMount', why);
          this.#changed();
        },
      },
      context,
    );
    this.#sandbox = new PodSandbox(
      () => this.#pod,
      context,
      (why) => this.#event('Warning', 'FailedCreatePodSandBox', why),
    );
    const host = containerHost(
      {
        pod: () => this.#pod,
        folder: this.#folder,
        fields: () => this.#fields(),
        sandbox: this.#sandbox,
        volumes: this.#volumes,
        containers: () => this.#containers,
        changed: () => this.#changed(),
        event: (type, reason, message) => this.#event(type, reason, message),
      },
      context,
    );
    this.#containers = new PodContainers(
      () => this.#pod,
      (container, before) => new ContainerRunner(container, context, host, before),
    );
    this.#startTime = pod.status?.startTime ?? time(context.now());
    this.#report = new StatusReport(context, {
      pod: () => this.#pod,
      status: () => podStatus(this.#pod, this.#observation(), time(context.now())),
      written: (status) => {
        this.#pod = { ...this.#pod, status };
      },
      isOver: () => this.#isForgotten,
    });
    this.done = this.#live();
  }

  get pod(): Pod {
    return this.#pod;
  }

  get address(): string | undefined {
    return this.#sandbox.address;
  }

  /** Whether the pod takes of what its node has. */
  get holdsRoom(): boolean {
    return this.#isAdmitted && !this.#hasStopped && !this.#isForgotten;
  }

  /** A process in the pod's network; undefined when that is this machine's. @throws Error before there is one */
  get networkProcessId(): number | undefined {
    if (this.#pod.spec.hostNetwork || !this.#context.network) return undefined;
    const { namespaces } = this.#sandbox;
    if (!namespaces || this.#hasStopped) throw new Error(`pod ${this.#pod.metadata.name} is not running`);
    return namespaces.processId;
  }

  runner(container: string): ContainerRunner | undefined {
    return this.#containers.find(container);
  }

  update(pod: Pod): void {
    const { labels, annotations } = this.#pod.metadata;
    const { activeDeadlineSeconds } = this.#pod.spec;
    this.#pod = pod;
    if (pod.spec.activeDeadlineSeconds !== activeDeadlineSeconds) this.#armDeadline(pod.spec.activeDeadlineSeconds);
    if (!isDeepStrictEqual({ labels, annotations }, labelled(pod))) this.#volumes.changed();
    this.#containers.takeAdded(!this.#hasStopped);
    // What others say of the pod may be what it waits for.
    if (pod.spec.readinessGates?.length) this.#changed();
    if (pod.metadata.deletionTimestamp) this.stop((pod.metadata.deletionGracePeriodSeconds ?? 30) * 1000);
  }

  /** Ends the pod within `graceMs`; a shorter grace later takes over. */
  stop(graceMs: number): void {
    const end = Date.now() + graceMs;
    if (this.#graceEnd !== undefined && end >= this.#graceEnd) return;
    this.#graceEnd = end;
    this.#isStopping = true;
    this.#volumes.stop();
    this.#wake?.();
    this.#sandbox.stop();
    void this.#containers.stop(graceMs);
  }

  refreshHosts(): void {
    const { address } = this;
    if (!address || this.#hasStopped) return;
    const text = this.#context.hostsOf(this.#pod, address, hostnameOf(this.#pod));
    if (text === this.#hosts) return;
    try {
      rewriteInPlace(join(this.#folder, 'hosts'), text);
      this.#hosts = text;
    } catch (error) {
      // A full disk is no reason to end; the next change tries again.
      this.#context.log(`names in pod ${this.#pod.metadata.name}: ${(error as Error).message}`);
    }
  }

  async #live(): Promise<void> {
    try {
      if (this.#pod.metadata.deletionTimestamp) this.update(this.#pod);
      const { phase } = this.#pod.status ?? {};
      if (phase === 'Succeeded' || phase === 'Failed') this.#containers.create(false);
      else await this.#run();
    } catch (error) {
      this.#context.log(`pod ${this.#pod.metadata.name}: ${String((error as Error).stack)}`);
      this.#failure ??= { reason: 'NodeAgentError', message: (error as Error).message };
    }
    this.#stopDeadline();
    this.#ending.abort();
    await this.#containers.stop(0);
    await this.#tearDown();
    this.#hasStopped = true;
    this.#changed();
    await this.#report.settled;
    await this.#untilDeleted();
  }

  async #run(): Promise<void> {
    const { spec } = this.#pod;
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    this.#armDeadline(spec.activeDeadlineSeconds);
    const refusal = await this.#refusal();
    if (refusal) {
      this.#failure = { ...refusal, message: `Pod was rejected: ${refusal.message}` };
      this.#isRefused = true;
      this.#event('Warning', refusal.reason, refusal.message);
      return;
    }
    this.#context.addressKnown(this.#pod, this.#sandbox.giveAddress());
    this.refreshHosts();
    const [isOpen, areMade] = await Promise.all([this.#sandbox.open(), this.#volumes.make()]);
    if (!isOpen || !areMade) return;
    this.#containers.create(!this.#isStopping);
    if (this.#isStopping) return;
    this.#changed();
    watchStorage(this.#pod, this.#folder, this.#ending.signal, (message) => {
      this.#failure = { reason: 'Evicted', message };
      this.#event('Warning', 'Evicted', message);
      this.stop(evictionGraceMs);
    });
    for (const { reason, message } of notedOf(this.#pod)) this.#event('Warning', reason, message);
    await this.#containers.run(() => this.#graceLeftMs());
  }

  /** Why the node does not take the pod; it has taken it when there is nothing to say. */
  async #refusal(): Promise<Refusal | undefined> {
    const { allocatable, client, heldBy, rights } = this.#context;
    const never = refusalOf(this.#pod, rights.kind);
    if (never) return never;
    const name = this.#pod.spec.nodeName!;
    const node = choosesNodes(this.#pod) ? await client.get({ apiVersion: 'v1', plural: 'nodes', name }) : undefined;
    // Nobody else is looked at between this and the mark.
    const refusal = misfitOf(this.#pod, allocatable(name), heldBy(name), node);
    this.#isAdmitted = !refusal;
    return refusal;
  }

  #graceLeftMs(): number {
    const left = this.#graceEnd === undefined ? undefined : this.#graceEnd - Date.now();
    return Math.max(0, left ?? (this.#pod.spec.terminationGracePeriodSeconds ?? 30) * 1000);
  }

  /** It can be set, or set sooner, while the pod runs. */
  #armDeadline(seconds: number | undefined): void {
    this.#stopDeadline();
    if (seconds === undefined || this.#isStopping) return;
    const leftMs = Date.parse(this.#startTime) + seconds * 1000 - Date.now();
    this.#stopDeadline = after(leftMs, () => {
      const message = 'Pod was active on the node longer than the specified deadline';
      this.#failure = { reason: 'DeadlineExceeded', message };
      this.#event('Normal', 'DeadlineExceeded', message);
      this.stop((this.#pod.spec.terminationGracePeriodSeconds ?? 30) * 1000);
    });
  }

  #fields() {
    const { hostIP } = this.#context;
    const allocatable = this.#context.allocatable(this.#pod.spec.nodeName!);
    return { pod: this.#pod, podIP: this.address ?? '', hostIP, allocatable };
  }

  #event(type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#context.events(this.#pod.spec.nodeName!)(this.#pod, type, reason, message);
  }

  #changed(): void {
    this.#report.changed();
  }

  #observation() {
    const { spec, status } = this.#pod;
    const { address } = this;
    const of: PodContainers['statusesOf'] = (...words) => this.#containers.statusesOf(...words);
    return {
      hostIP: this.#context.hostIP,
      ...(address ? { podIP: address } : {}),
      startTime: this.#startTime,
      // What was turned away has no containers to tell of.
      containers: this.#isRefused ? [] : of(spec.containers, status?.containerStatuses),
      initContainers: this.#isRefused ? [] : of(spec.initContainers, status?.initContainerStatuses),
      ephemeralContainers: this.#isRefused ? [] : of(spec.ephemeralContainers, status?.ephemeralContainerStatuses),
      hasStopped: this.#hasStopped && this.#isStopping,
      isSandboxReady: this.#sandbox.namespaces !== undefined && !this.#hasStopped,
      ...(this.#failure ? { failure: this.#failure } : {}),
    };
  }

  async #tearDown(): Promise<void> {
    await this.#sandbox.close();
    this.#volumes.stop();
    await this.#volumes.unmount();
    await rm(join(this.#folder, 'containers'), { recursive: true, force: true });
  }

  /** The pod object stays, and its logs with it, until somebody deletes it; then the last word is ours. */
  async #untilDeleted(): Promise<void> {
    while (!this.#pod.metadata.deletionTimestamp && !this.#isForgotten) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (!this.#isForgotten) {
      const { namespace, name, uid } = this.#pod.metadata;
      await this.#report.settled;
      await this.#context.client
        .delete(
          { apiVersion: 'v1', plural: 'pods', namespace: namespace!, name: name! },
          { gracePeriodSeconds: 0, preconditions: { uid: uid! } },
        )
        .catch((error: unknown) => {
          if (!(error instanceof StatusError)) this.#context.log(`pod ${name}: ${String(error)}`);
        });
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** The pod's object is gone, or the agent ends: whatever is left of it goes at once. */
  forget(graceMs = 0): void {
    this.#isForgotten = true;
    this.stop(graceMs);
    this.#wake?.();
  }
}

const labelled = ({ metadata: { labels, annotations } }: Pod) => ({ labels, annotations });

const time = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, 'Z');
