// One run of a container: what is made for it on this machine, its process, and what is taken away after it.

import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentContext } from '../agent-context.ts';
import type { ContainerGroup, ControlGroups } from '../host/cgroup.ts';
import { endStrays, markedWith } from '../host/strays.ts';
import type { Container, Pod } from '../pod-types.ts';
import { ContainerLog } from '../processes/container-log.ts';
import { ContainerProcess, ContainerStartError } from '../processes/container-process.ts';
import { type ContainerPlan, containerScript, type Mount, plainScript } from '../processes/container-script.ts';
import type { Sandbox } from '../processes/sandbox.ts';
import type { Image } from '../roots/image-table.ts';
import { closeLayers, mediumOf, openLayers } from '../roots/layer-place.ts';
import { limitsOf } from './container-limits.ts';
import { identityOf } from './identity.ts';
import { planContainer } from './plan-container.ts';

/** What a container needs of its pod. */
export interface RunnerPod {
  readonly pod: () => Pod;
  readonly folder: string;
  readonly sandbox: () => Sandbox;
  readonly address: () => string;
  readonly hasOwnNetwork: boolean;
  /** Undefined where limits are not kept. */
  groups(): ControlGroups | undefined;
  mountsOf(container: Container, env: Readonly<Record<string, string>>): Mount[];
  environmentOf(container: Container, image: Image): Promise<Record<string, string>>;
  /** A process whose process namespace the container shares; undefined where it has its own. */
  sharedProcessOf(container: Container): number | undefined;
  /** The status has changed. */
  changed(): void;
  event(type: 'Normal' | 'Warning', reason: string, message: string): void;
}

export class ContainerRun {
  readonly #container: Container;
  readonly #number: number;
  readonly #context: AgentContext;
  readonly #host: RunnerPod;
  #group: ContainerGroup | undefined;
  #layers: string | undefined;
  #plan: ContainerPlan | undefined;
  #log: ContainerLog | undefined;
  #process: ContainerProcess | undefined;

  /** @param number of the run, from 0 */
  constructor(container: Container, number: number, context: AgentContext, host: RunnerPod) {
    this.#container = container;
    this.#number = number;
    this.#context = context;
    this.#host = host;
  }

  /** Undefined until it is known. */
  get plan(): ContainerPlan | undefined {
    return this.#plan;
  }

  get log(): ContainerLog | undefined {
    return this.#log;
  }

  /** Undefined before it runs, and when it has ended. */
  get process(): ContainerProcess | undefined {
    return this.#process?.hasEnded ? undefined : this.#process;
  }

  /** Whether the kernel ended a process of it for want of memory. */
  get wasOutOfMemory(): boolean {
    return this.#group?.wasOutOfMemory === true;
  }

  get #mark(): string {
    return `${this.#context.agentKey}-${this.#host.pod().metadata.uid}-${this.#container.name}-`;
  }

  /**
   * Resolves when its program runs. Whatever happens, `clear` is to be called at its end.
   * @throws {ContainerConfigError} when what it needs is not there, {ContainerStartError} when it cannot be started
   */
  async start(image: Image): Promise<ContainerProcess> {
    const container = this.#container;
    const pod = this.#host.pod();
    const { rights, now, log } = this.#context;
    const env = await this.#host.environmentOf(container, image);
    const identity = identityOf(pod, container, image);
    env['HOME'] ??= identity.home;
    if (rights.kind === 'none') {
      if (image.root !== '/') throw new ContainerStartError(`image ${image.reference}: a root needs namespaces`);
      Object.assign(env, markedWith(this.#mark));
    }
    const folder = join(this.#host.folder, 'containers', container.name, String(this.#number));
    mkdirSync(folder, { recursive: true });
    const message = join(folder, 'termination-log');
    writeFileSync(message, '', { mode: 0o666 });
    this.#group = this.#host
      .groups()
      ?.make(`${pod.metadata.uid}-${container.name}-${this.#number}`, limitsOf(container, pod.spec.resources?.limits));
    const mounts = this.#host.mountsOf(container, env);
    const layers = join(folder, 'layers');
    this.#layers = layers;
    await openLayers(layers, mediumOf(rights));
    const run = { pod, container, image, env, identity, group: this.#group, mounts, layers, message };
    const plan = planContainer(run, this.#context);
    this.#plan = plan;
    this.#host.event('Normal', 'Created', `Container created`);
    const logs = join(this.#host.folder, 'logs', container.name);
    this.#log = new ContainerLog(join(logs, `${this.#number}.log`), now, (why) =>
      log(`pod ${pod.metadata.name}: lines of the log of ${container.name} are lost: ${why}`),
    );
    removeLogsBefore(logs, this.#number - 1);
    const shared = this.#host.sharedProcessOf(container);
    this.#process = await ContainerProcess.start({
      isIsolated: rights.kind !== 'none',
      sandboxProcessId: this.#host.sandbox().processId,
      hasHostNetwork: !this.#host.hasOwnNetwork,
      hasHostProcesses: pod.spec.hostPID === true,
      hasHostIpc: pod.spec.hostIPC === true,
      ...(shared === undefined ? {} : { sharedProcessNamespaceOf: shared }),
      scriptPath: join(folder, 'start.sh'),
      script: (rights.kind === 'none' ? plainScript : containerScript)(plan),
      log: this.#log,
      hasInput: container.stdin === true,
      owner: rights.kind === 'root' ? identity.uid : (process.getuid?.() ?? 0),
      hasTerminal: container.tty === true,
    });
    return this.#process;
  }

  /** Takes away what it had on this machine, but for its log. */
  async clear(): Promise<void> {
    const { rights } = this.#context;
    if (rights.kind === 'none') endStrays(this.#mark);
    this.#log?.close();
    await this.#group?.remove();
    if (this.#layers) await closeLayers(this.#layers, mediumOf(rights));
    this.#layers = undefined;
  }
}

/** Of the runs before the previous one, which nobody can ask for. */
function removeLogsBefore(folder: string, run: number): void {
  for (const name of readdirSync(folder)) {
    if (Number.parseInt(name, 10) < run) rmSync(join(folder, name), { force: true });
  }
}
