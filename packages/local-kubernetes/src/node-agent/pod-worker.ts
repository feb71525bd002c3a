// One pod on this node, from its binding to the last of it: volumes, sandbox, init containers, containers, end.

import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StatusError } from '../client/status-error.ts';
import { refusalOf } from './admission.ts';
import type { AgentContext } from './agent-context.ts';
import { ContainerRunner, type RunnerPod } from './container-runner.ts';
import type { Mount } from './container-script.ts';
import { expand, resolveEnvironment } from './environment.ts';
import type { Image } from './image-table.ts';
import { dataOf, volumeSources } from './object-sources.ts';
import { initialStatus, podStatus } from './pod-status.ts';
import type { Container, ContainerStatus, Pod } from './pod-types.ts';
import { makeVolume } from './pod-volumes.ts';
import { readResolver, resolverText } from './resolver.ts';
import { runCommand } from './run-command.ts';
import { Sandbox } from './sandbox.ts';

const retryMs = 500;
/** Between two tries to make a volume. */
const longestRetryMs = 5000;

export class PodWorker {
  readonly uid: string;
  /** Resolves when nothing of the pod is left on this machine. */
  readonly done: Promise<void>;
  readonly #context: AgentContext;
  readonly #folder: string;
  readonly #startTime: string;
  #pod: Pod;
  #address: string | undefined;
  #sandbox: Sandbox | undefined;
  #runners: ContainerRunner[] = [];
  #volumes = new Map<string, string>();
  #isStopping = false;
  #hasStopped = false;
  #graceEnd: number | undefined;
  #isRefused = false;
  #failure: { reason: string; message: string } | undefined;
  #reporting: Promise<void> | undefined;
  #isDirty = false;
  #lastReport = '';
  #wake: (() => void) | undefined;
  #deadline: NodeJS.Timeout | undefined;

  constructor(pod: Pod, context: AgentContext) {
    this.uid = pod.metadata.uid!;
    this.#pod = pod;
    this.#context = context;
    this.#folder = join(context.podsFolder, this.uid);
    this.#startTime = pod.status?.startTime ?? time(context.now());
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
    return this.#runners.find(({ container: { name } }) => name === container);
  }

  update(pod: Pod): void {
    this.#pod = pod;
    if (pod.metadata.deletionTimestamp) this.stop((pod.metadata.deletionGracePeriodSeconds ?? 30) * 1000);
  }

  /** Ends the pod within `graceMs`; a shorter grace later takes over. */
  stop(graceMs: number): void {
    const end = Date.now() + graceMs;
    if (this.#graceEnd !== undefined && end >= this.#graceEnd) return;
    this.#graceEnd = end;
    this.#isStopping = true;
    this.#wake?.();
    for (const runner of this.#runners) void runner.stop(graceMs);
  }

  refreshHosts(): void {
    if (!this.#address || this.#hasStopped) return;
    writeFileSync(join(this.#folder, 'hosts'), this.#context.hostsOf(this.#pod, this.#address, hostnameOf(this.#pod)));
  }

  async #live(): Promise<void> {
    try {
      if (this.#pod.metadata.deletionTimestamp) this.update(this.#pod);
      const { phase } = this.#pod.status ?? {};
      if (phase === 'Succeeded' || phase === 'Failed') this.#makeRunners();
      else await this.#run();
    } catch (error) {
      this.#context.log(`pod ${this.#pod.metadata.name}: ${String((error as Error).stack)}`);
      this.#failure ??= { reason: 'NodeAgentError', message: (error as Error).message };
    }
    clearTimeout(this.#deadline);
    await this.#tearDown();
    this.#hasStopped = true;
    this.#changed();
    await this.#reporting;
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
      this.#makeVolumes(),
    ]);
    this.#sandbox = sandbox;
    await network?.attach(sandbox.processId, this.#address);
    if (!areMade) return;
    const { initial, main } = this.#makeRunners();
    if (this.#isStopping) return;
    this.#changed();
    const { restartPolicy = 'Always' } = spec;
    const sidecars: ContainerRunner[] = [];
    const ends: Promise<number>[] = [];
    for (const runner of initial) {
      if (runner.container.restartPolicy === 'Always') {
        sidecars.push(runner);
        await new Promise<void>((resolve) => {
          ends.push(runner.run('Always', resolve).finally(resolve));
        });
        continue;
      }
      const wasDone = runner.status.state.terminated?.exitCode === 0;
      const exitCode = wasDone ? 0 : await runner.run(restartPolicy === 'Never' ? 'Never' : 'OnFailure');
      if (this.#isStopping || exitCode !== 0) {
        await Promise.all(sidecars.map((each) => each.stop(0)));
        return;
      }
      runner.status.ready = true;
    }
    const lost = main.filter(({ status }) => status.state.terminated !== undefined);
    await Promise.all(
      main.map((runner) => {
        const { terminated } = runner.status.state;
        const isOver =
          lost.includes(runner) &&
          (restartPolicy === 'Never' || (restartPolicy === 'OnFailure' && terminated?.exitCode === 0));
        if (isOver) return Promise.resolve(0);
        if (terminated) {
          runner.countRestart(terminated);
        }
        return runner.run(restartPolicy);
      }),
    );
    for (const sidecar of sidecars.reverse()) await sidecar.stop(this.#graceLeftMs());
    await Promise.all(ends);
  }

  /** Of a pod that has ended as well: its logs are asked for. */
  #makeRunners(): { initial: ContainerRunner[]; main: ContainerRunner[] } {
    const { spec, status } = this.#pod;
    const before = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
    const make = (container: Container) =>
      new ContainerRunner(container, this.#context, this.#host(), leftBehind(container, before));
    const initial = (spec.initContainers ?? []).map(make);
    const main = spec.containers.map(make);
    this.#runners = [...initial, ...main];
    return { initial, main };
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

  /** Makes the volumes, trying again while something they need is not there. False when the pod ended before. */
  async #makeVolumes(): Promise<boolean> {
    const folder = join(this.#folder, 'volumes');
    const sources = volumeSources(this.#context.client, this.#pod);
    let delayMs = retryMs;
    for (const volume of this.#pod.spec.volumes ?? []) {
      while (!this.#volumes.has(volume.name)) {
        if (this.#isStopping) return false;
        try {
          const made = await makeVolume(volume, folder, this.#fields(), sources);
          this.#volumes.set(volume.name, made);
        } catch (error) {
          this.#event('Warning', 'FailedMount', (error as Error).message);
          this.#changed();
          await new Promise<void>((resolve) => {
            const timer = setTimeout(resolve, delayMs);
            delayMs = Math.min(delayMs * 2, longestRetryMs);
            this.#wake = () => {
              clearTimeout(timer);
              resolve();
            };
          });
        }
      }
    }
    return !this.#isStopping;
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
      mountsOf: (container, env) => this.#mountsOf(container, env),
      environmentOf: (container, image) => this.#environmentOf(container, image),
      changed: () => this.#changed(),
      event: (type, reason, message) => this.#event(type, reason, message),
    };
  }

  #mountsOf(container: Container, env: Readonly<Record<string, string>>): Mount[] {
    const hosts = { source: join(this.#folder, 'hosts'), target: '/etc/hosts', isReadOnly: false, isFile: true };
    const names = { source: this.#resolver(), target: '/etc/resolv.conf', isReadOnly: true, isFile: true };
    const volumes = (container.volumeMounts ?? []).map((mount): Mount => {
      const subPath = mount.subPathExpr ? expand(mount.subPathExpr, env) : (mount.subPath ?? '');
      const volume = this.#volumes.get(mount.name)!;
      const source = join(volume, subPath);
      if (subPath && !existsSync(source)) mkdirSync(source, { recursive: true });
      return {
        source,
        target: mount.mountPath.replace(/\/+$/, '') || '/',
        isReadOnly: mount.readOnly ?? false,
        isFile: !statSync(source).isDirectory(),
      };
    });
    // What lies inside another mount comes after it.
    const isOwnHosts = !volumes.some(({ target }) => target === '/etc/hosts');
    return [...(isOwnHosts ? [hosts] : []), names, ...volumes.sort((a, b) => a.target.length - b.target.length)];
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
    this.#isDirty = true;
    this.#reporting ??= this.#report().finally(() => {
      this.#reporting = undefined;
    });
  }

  /** Writes the status until what stands there is what is. */
  async #report(): Promise<void> {
    await Promise.resolve();
    while (this.#isDirty) {
      this.#isDirty = false;
      const status = podStatus(this.#pod, this.#observation(), time(this.#context.now()));
      const text = JSON.stringify(status);
      if (text === this.#lastReport) continue;
      const { namespace, name, uid } = this.#pod.metadata;
      try {
        const ref = { apiVersion: 'v1', plural: 'pods', namespace: namespace!, name: name! };
        const written = await this.#context.client.patch(
          { ...ref, subresource: 'status' },
          { metadata: { uid }, status },
          'merge',
        );
        this.#lastReport = text;
        this.#pod = { ...this.#pod, status: written['status'] as NonNullable<Pod['status']> };
      } catch (error) {
        if (error instanceof StatusError && (error.code === 404 || error.code === 409)) return;
        this.#context.log(`status of pod ${name}: ${String(error)}`);
        // Nobody waits for the answer of a server that is away when the agent ends.
        if (this.#isForgotten) return;
        this.#isDirty = true;
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
    }
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
      hasStopped: this.#hasStopped && this.#isStopping,
      isSandboxReady: this.#sandbox !== undefined && !this.#hasStopped,
      ...(this.#failure ? { failure: this.#failure } : {}),
    };
  }

  async #tearDown(): Promise<void> {
    await this.#sandbox?.stop();
    if (this.#address && !this.#pod.spec.hostNetwork) this.#context.network?.release(this.#address);
    for (const volume of this.#pod.spec.volumes ?? []) {
      const made = this.#volumes.get(volume.name);
      if (made && volume.emptyDir?.medium === 'Memory') await runCommand('umount', ['-l', made]).catch(() => {});
    }
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
      await this.#reporting;
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

  #isForgotten = false;

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

/** What a container was before this agent: one that ran has ended with the agent that ran it. */
function leftBehind(container: Container, before: readonly ContainerStatus[]): ContainerStatus | undefined {
  const known = before.find(({ name }) => name === container.name);
  if (!known || known.state.waiting) return known && known.restartCount > 0 ? structuredClone(known) : undefined;
  const status = structuredClone(known);
  if (status.state.running) {
    const { startedAt } = status.state.running;
    status.state = {
      terminated: {
        exitCode: 137,
        reason: 'ContainerStatusUnknown',
        message: 'The container could not be located when the pod was terminated',
        startedAt,
        finishedAt: startedAt,
        ...(status.containerID ? { containerID: status.containerID } : {}),
      },
    };
    status.ready = false;
  }
  status.lastState ??= {};
  return status;
}

const time = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, 'Z');
