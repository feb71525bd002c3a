// One pod on this node, from its binding to the last of it: volumes, sandbox, init containers, containers, end.

import { mkdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StatusError } from '../../client/status-error.ts';
import type { AgentContext } from '../agent-context.ts';
import { containerMounts } from '../containers/container-mounts.ts';
import { ContainerRunner, type RestartPolicy, type RunHearer, type RunnerPod } from '../containers/container-runner.ts';
import { initialStatus } from '../containers/container-states.ts';
import { leftBehind, usedToRun } from '../containers/left-behind.ts';
import { readResolver, resolverText } from '../network/resolver.ts';
import type { Container, ContainerStatus, EphemeralContainer, Pod } from '../pod-types.ts';
import { Sandbox } from '../processes/sandbox.ts';
import { resolveEnvironment } from '../references/environment.ts';
import { dataOf } from '../references/object-sources.ts';
import type { Image } from '../roots/image-table.ts';
import { MadeVolumes } from '../volumes/made-volumes.ts';
import { refusalOf } from './admission.ts';
import { EphemeralContainers } from './ephemeral-containers.ts';
import { podStatus } from './pod-status.ts';
import { StatusReport } from './status-report.ts';
import { endInOrder } from './termination-order.ts';

export class PodWorker {
  readonly uid: string;
  /** Resolves when nothing of the pod is left on this machine. */
  readonly done: Promise<void>;
  readonly #context: AgentContext;
  readonly #folder: string;
  readonly #startTime: string;
  readonly #report: StatusReport;
  #pod: Pod;
  #address: string | undefined;
  #sandbox: Sandbox | undefined;
  #initial: ContainerRunner[] = [];
  #main: ContainerRunner[] = [];
  readonly #ephemeral = new EphemeralContainers((container) => this.#makeEphemeral(container));
  readonly #volumes: MadeVolumes;
  #isStopping = false;
  #hasStopped = false;
  #graceEnd: number | undefined;
  #isRefused = false;
  #isForgotten = false;
  #failure: { reason: string; message: string } | undefined;
  #wake: (() => void) | undefined;
  #deadline: NodeJS.Timeout | undefined;

  constructor(pod: Pod, context: AgentContext) {
    this.uid = pod.metadata.uid!;
    this.#pod = pod;
    this.#context = context;
    this.#folder = join(context.podsFolder, this.uid);
    this.#volumes = new MadeVolumes(join(this.#folder, 'volumes'));
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
    return this.#address;
  }

  /** A process in the pod's network; undefined when that is this machine's. @throws Error before there is one */
  get networkProcessId(): number | undefined {
    if (this.#pod.spec.hostNetwork || !this.#context.network) return undefined;
    if (!this.#sandbox || this.#hasStopped) throw new Error(`pod ${this.#pod.metadata.name} is not running`);
    return this.#sandbox.processId;
  }

  runner(container: string): ContainerRunner | undefined {
    const all = [...this.#initial, ...this.#main, ...this.#ephemeral.runners];
    return all.find(({ container: { name } }) => name === container);
  }

  update(pod: Pod): void {
    this.#pod = pod;
    if (this.#main.length > 0 && !this.#isStopping) {
      this.#ephemeral.take(pod.spec.ephemeralContainers, !this.#hasStopped);
    }
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
    void endInOrder(this.#initial, this.#main, graceMs);
    void this.#ephemeral.stop(graceMs);
  }

  refreshHosts(): void {
    if (!this.#address || this.#hasStopped) return;
    const text = this.#context.hostsOf(this.#pod, this.#address, hostnameOf(this.#pod));
    try {
      writeFileSync(join(this.#folder, 'hosts'), text);
    } catch (error) {
      // A full disk is no reason to end; the next change tries again.
      this.#context.log(`names in pod ${this.#pod.metadata.name}: ${(error as Error).message}`);
    }
  }

  async #live(): Promise<void> {
    try {
      if (this.#pod.metadata.deletionTimestamp) this.update(this.#pod);
      const { phase } = this.#pod.status ?? {};
      if (phase === 'Succeeded' || phase === 'Failed') this.#makeRunners(false);
      else await this.#run();
    } catch (error) {
      this.#context.log(`pod ${this.#pod.metadata.name}: ${String((error as Error).stack)}`);
      this.#failure ??= { reason: 'NodeAgentError', message: (error as Error).message };
    }
    clearTimeout(this.#deadline);
    await this.#ephemeral.stop(0);
    await this.#tearDown();
    this.#hasStopped = true;
    this.#changed();
    await this.#report.settled;
    await this.#untilDeleted();
  }

  async #run(): Promise<void> {
    const { spec } = this.#pod;
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    if (spec.activeDeadlineSeconds !== undefined) this.#armDeadline(spec.activeDeadlineSeconds);
    const { rights } = this.#context;
    const refusal = refusalOf(this.#pod, rights.kind);
    if (refusal) {
      this.#failure = { ...refusal, message: `Pod was rejected: ${refusal.message}` };
      this.#isRefused = true;
      this.#event('Warning', refusal.reason, refusal.message);
      return;
    }
    const network = spec.hostNetwork ? undefined : this.#context.network;
    this.#address = network ? network.allocate() : this.#context.hostIP;
    this.#context.addressKnown(this.#pod, this.#address);
    this.refreshHosts();
    const [sandbox, areMade] = await Promise.all([
      rights.kind === 'none' ? Sandbox.none() : Sandbox.start(spec, hostnameOf(this.#pod), network !== undefined),
      this.#volumes.make(
        this.#pod,
        () => this.#fields(),
        this.#context,
        (why) => {
          this.#event('Warning', 'FailedMount', why);
          this.#changed();
        },
      ),
    ]);
    this.#sandbox = sandbox;
    await network?.attach(sandbox.processId, this.#address);
    if (!areMade) return;
    this.#makeRunners(!this.#isStopping);
    if (this.#isStopping) return;
    this.#changed();
    const sidecarEnds: Promise<number>[] = [];
    if (await this.#runInitial(sidecarEnds)) await this.#runMain();
    // What runs still are sidecars.
    await endInOrder(this.#initial, [], this.#graceLeftMs());
    await Promise.all(sidecarEnds);
  }

  /** Runs one after the other. @returns whether all have done their part, and the sidecars among them started */
  async #runInitial(sidecarEnds: Promise<number>[]): Promise<boolean> {
    const { restartPolicy = 'Always' } = this.#pod.spec;
    for (const runner of this.#initial) {
      if (runner.container.restartPolicy === 'Always') {
        await new Promise<void>((started) => {
          sidecarEnds.push(this.#goOn(runner, 'Always', { started }).finally(started));
        });
        continue;
      }
      const wasDone = runner.status.state.terminated?.exitCode === 0;
      const policy = restartPolicy === 'Never' ? 'Never' : 'OnFailure';
      const exitCode = wasDone ? 0 : await this.#goOn(runner, policy);
      if (this.#isStopping || exitCode !== 0) return false;
      runner.status.ready = true;
    }
    return !this.#isStopping;
  }

  /** Each begins when the one before has begun, and its postStart hook is done. Resolves when all have ended. */
  async #runMain(): Promise<void> {
    const { restartPolicy = 'Always' } = this.#pod.spec;
    const ends: Promise<number>[] = [];
    for (const runner of this.#main) {
      await new Promise<void>((begun) => {
        ends.push(this.#goOn(runner, restartPolicy, { begun }).finally(begun));
      });
    }
    await Promise.all(ends);
  }

  /** Runs a container, again where the agent before did not see its end; not one that needs no more runs. */
  async #goOn(runner: ContainerRunner, policy: RestartPolicy, hearer: RunHearer = {}): Promise<number> {
    const { terminated } = runner.status.state;
    const { exitCode } = terminated ?? {};
    if (exitCode !== undefined && (policy === 'Never' || (policy === 'OnFailure' && exitCode === 0))) return exitCode;
    if (terminated) runner.countRestart(usedToRun(terminated));
    return runner.run(policy, hearer);
  }

  /** Of a pod that has ended as well: its logs are asked for. */
  #makeRunners(isRunning: boolean): void {
    const { spec, status } = this.#pod;
    const before = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
    const make = (container: Container) =>
      new ContainerRunner(container, this.#context, this.#host(), leftBehind(container, before));
    this.#initial = (spec.initContainers ?? []).map(make);
    this.#main = spec.containers.map(make);
    this.#ephemeral.take(spec.ephemeralContainers, isRunning);
  }

  #makeEphemeral(container: EphemeralContainer): ContainerRunner {
    const before = leftBehind(container, this.#pod.status?.ephemeralContainerStatuses ?? []);
    const status = before ?? initialStatus(container, 'ContainerCreating');
    return new ContainerRunner(container, this.#context, this.#host(), status);
  }

  #graceLeftMs(): number {
    const left = this.#graceEnd === undefined ? undefined : this.#graceEnd - Date.now();
    return Math.max(0, left ?? (this.#pod.spec.terminationGracePeriodSeconds ?? 30) * 1000);
  }

  #armDeadline(seconds: number): void {
    const leftMs = Date.parse(this.#startTime) + seconds * 1000 - Date.now();
    this.#deadline = setTimeout(
      () => {
        const message = 'Pod was active on the node longer than the specified deadline';
        this.#failure = { reason: 'DeadlineExceeded', message };
        this.#event('Normal', 'DeadlineExceeded', message);
        this.stop((this.#pod.spec.terminationGracePeriodSeconds ?? 30) * 1000);
      },
      Math.max(0, leftMs),
    );
  }

  #fields() {
    const { hostIP } = this.#context;
    const allocatable = this.#context.allocatable(this.#pod.spec.nodeName!);
    return { pod: this.#pod, podIP: this.#address ?? '', hostIP, allocatable };
  }

  #host(): RunnerPod {
    return {
      pod: () => this.#pod,
      folder: this.#folder,
      sandbox: () => this.#sandbox!,
      address: () => this.#address!,
      hasOwnNetwork: !this.#pod.spec.hostNetwork && this.#context.network !== undefined,
      mountsOf: (container, env) =>
        containerMounts(container, env, {
          hosts: join(this.#folder, 'hosts'),
          resolver: this.#resolver(),
          volumes: this.#volumes.paths,
        }),
      environmentOf: (container, image) => this.#environmentOf(container, image),
      sharedProcessOf: (container: EphemeralContainer) =>
        this.#sandbox!.sharedProcessId ?? this.runner(container.targetContainerName ?? '')?.process?.processId,
      changed: () => this.#changed(),
      event: (type, reason, message) => this.#event(type, reason, message),
    };
  }

  /** The file of name servers, as the pod's dnsPolicy and dnsConfig have it. */
  #resolver(): string {
    const path = join(this.#folder, 'resolv.conf');
    const isApart = this.#context.network !== undefined && !this.#pod.spec.hostNetwork;
    writeFileSync(path, resolverText(this.#pod.spec, readResolver(isApart)));
    return path;
  }

  async #environmentOf(container: Container, image: Image): Promise<Record<string, string>> {
    const { namespace } = this.#pod.metadata;
    const { host, port } = this.#context.apiAddress;
    const data = await dataOf(this.#context.client, namespace!, container);
    const base = {
      ...image.env,
      HOSTNAME: hostnameOf(this.#pod),
      ...(container.tty ? { TERM: 'xterm' } : {}),
      KUBERNETES_SERVICE_HOST: host,
      KUBERNETES_SERVICE_PORT: String(port),
      KUBERNETES_SERVICE_PORT_HTTPS: String(port),
    };
    return resolveEnvironment(container, this.#fields(), data, base);
  }

  #event(type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#context.events(this.#pod.spec.nodeName!)(this.#pod, type, reason, message);
  }

  #changed(): void {
    this.#report.changed();
  }

  #observation() {
    const { spec, status } = this.#pod;
    const of = (containers: readonly Container[] = [], before: readonly ContainerStatus[] = []) =>
      containers.map((container) => {
        const reason = spec.initContainers?.length ? 'PodInitializing' : 'ContainerCreating';
        const known = this.runner(container.name)?.status ?? before.find(({ name }) => name === container.name);
        return structuredClone(known ?? initialStatus(container, reason));
      });
    return {
      hostIP: this.#context.hostIP,
      ...(this.#address ? { podIP: this.#address } : {}),
      startTime: this.#startTime,
      // What was turned away has no containers to tell of.
      containers: this.#isRefused ? [] : of(spec.containers, status?.containerStatuses),
      initContainers: this.#isRefused ? [] : of(spec.initContainers, status?.initContainerStatuses),
      ephemeralContainers: this.#isRefused ? [] : of(spec.ephemeralContainers, status?.ephemeralContainerStatuses),
      hasStopped: this.#hasStopped && this.#isStopping,
      isSandboxReady: this.#sandbox !== undefined && !this.#hasStopped,
      ...(this.#failure ? { failure: this.#failure } : {}),
    };
  }

  async #tearDown(): Promise<void> {
    await this.#sandbox?.stop();
    if (this.#address && !this.#pod.spec.hostNetwork) this.#context.network?.release(this.#address);
    await this.#volumes.unmount(this.#pod);
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

/** One in the node's network has the node's name. */
export function hostnameOf(pod: Pod): string {
  if (pod.spec.hostNetwork) return pod.spec.nodeName!.slice(0, 63);
  return (pod.spec.hostname ?? pod.metadata.name!).slice(0, 63);
}

const time = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, 'Z');
