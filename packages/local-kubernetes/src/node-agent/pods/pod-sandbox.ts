// What a pod's containers live in: its address, its namespaces, the limits that they share, and the ports of this machine
// that lead there. Tried again as long as it cannot be made, as kubelet does.

import { StatusError } from '../../client/status-error.ts';
import type { AgentContext } from '../agent-context.ts';
import { limitsOf } from '../containers/container-limits.ts';
import type { ControlGroups } from '../host/cgroup.ts';
import { hostPortsOf, openHostPorts } from '../network/host-ports.ts';
import { dial } from '../network/pod-network.ts';
import type { Pod } from '../pod-types.ts';
import { Sandbox } from '../processes/sandbox.ts';
import { kernelNameOf } from './hostnames.ts';

const retryMs = 1000;
const longestRetryMs = 10_000;
/** The one runtime there is, as container runtimes call it. */
const handlers = ['', 'runc'];

export class PodSandbox {
  readonly #pod: () => Pod;
  readonly #context: AgentContext;
  readonly #failed: (why: string) => void;
  #address: string | undefined;
  #sandbox: Sandbox | undefined;
  /** Its own, where its containers share limits. */
  #groups: ControlGroups | undefined;
  #closePorts: () => void = () => {};
  #isStopped = false;
  #wake: (() => void) | undefined;

  /** @param failed hears why it could not be made */
  constructor(pod: () => Pod, context: AgentContext, failed: (why: string) => void) {
    this.#pod = pod;
    this.#context = context;
    this.#failed = failed;
  }

  get address(): string | undefined {
    return this.#address;
  }

  /** Undefined before it is there, and after. */
  get namespaces(): Sandbox | undefined {
    return this.#sandbox;
  }

  /** Control groups for its containers; undefined where limits are not kept. */
  get groups(): ControlGroups | undefined {
    return this.#groups ?? this.#context.groups;
  }

  get #network() {
    return this.#pod().spec.hostNetwork ? undefined : this.#context.network;
  }

  get #policies() {
    return this.#pod().spec.hostNetwork ? undefined : this.#context.policies;
  }

  /** Gives it an address. @throws Error when all are given out */
  giveAddress(): string {
    this.#address ??= this.#network?.allocate() ?? this.#context.hostIP;
    return this.#address;
  }

  /** @returns false when the pod ended before */
  async open(): Promise<boolean> {
    for (let delayMs = retryMs; !this.#isStopped; delayMs = Math.min(delayMs * 2, longestRetryMs)) {
      try {
        await this.#start();
        return true;
      } catch (error) {
        await this.#end();
        this.#failed(`Failed to create pod sandbox: ${(error as Error).message}`);
        await this.#pause(delayMs);
      }
    }
    return false;
  }

  /** Tries no more. */
  stop(): void {
    this.#isStopped = true;
    this.#wake?.();
  }

  async close(): Promise<void> {
    await this.#end();
    if (this.#address && !this.#pod().spec.hostNetwork) this.#context.network?.release(this.#address);
  }

  async #start(): Promise<void> {
    const pod = this.#pod();
    const { rights } = this.#context;
    await this.#requireRuntime(pod);
    if (pod.spec.hostUsers === false) {
      throw new Error("can't set `spec.hostUsers: false`, runtime does not support user namespaces");
    }
    const name = kernelNameOf(pod);
    const network = this.#network;
    const address = this.giveAddress();
    // Where pods share this machine's network they have such a port already when it is the same.
    const ports = hostPortsOf(pod).filter((each) => network || each.hostPort !== each.containerPort);
    this.#closePorts = await openHostPorts(ports, async (port, from) => {
      if (this.#policies?.admits(pod.metadata.uid!, from.replace(/^::ffff:/, ''), port) === false)
        throw new Error(`no NetworkPolicy lets ${from} in`);
      return network?.connect(address, port) ?? dial(address, port);
    });
    const { resources } = pod.spec;
    if (resources?.limits) this.#groups = this.#context.groups?.within(pod.metadata.uid!, limitsOf({ resources }));
    const learned = this.#policies?.learn(pod.metadata.namespace!);
    learned?.catch(() => {});
    this.#sandbox =
      rights.kind === 'none' ? Sandbox.none() : await Sandbox.start(pod.spec, name, network !== undefined);
    await learned;
    // Before it is joined to others: there is no moment in which an isolated pod is open.
    await this.#policies?.hold(pod, network && this.#sandbox.processId);
    await network?.attach(this.#sandbox.processId, address);
  }

  async #requireRuntime({ spec: { runtimeClassName: name } }: Pod): Promise<void> {
    if (!name) return;
    const ref = { apiVersion: 'node.k8s.io/v1', plural: 'runtimeclasses', name };
    const found = await this.#context.client.get(ref).catch((error: unknown) => {
      if (error instanceof StatusError && error.code === 404) throw new Error(`RuntimeClass "${name}" not found`);
      throw error;
    });
    const handler = String(found['handler'] ?? '');
    if (!handlers.includes(handler))
      throw new Error(`failed to get sandbox runtime: no runtime for "${handler}" is configured`);
  }

  async #end(): Promise<void> {
    this.#closePorts();
    this.#closePorts = () => {};
    this.#policies?.letGo(this.#pod().metadata.uid!);
    await this.#sandbox?.stop();
    this.#sandbox = undefined;
    await this.#groups?.close();
    this.#groups = undefined;
  }

  #pause(ms: number): Promise<void> {
    if (this.#isStopped) return Promise.resolve();
    return new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
