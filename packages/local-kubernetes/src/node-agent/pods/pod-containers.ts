// The containers of one pod: those that come first, its sidecars, its own, and those that are added to it. In what
// order they begin and end.

import type { ContainerRunner, RunHearer } from '../containers/container-runner.ts';
import { initialStatus } from '../containers/container-states.ts';
import { leftBehind, usedToRun } from '../containers/left-behind.ts';
import { isSidecar, runsAgain } from '../containers/restart-policy.ts';
import type { Container, ContainerStatus, EphemeralContainer, Pod } from '../pod-types.ts';
import { EphemeralContainers } from './ephemeral-containers.ts';
import { endInOrder } from './termination-order.ts';

export class PodContainers {
  readonly #pod: () => Pod;
  readonly #make: (container: Container, before?: ContainerStatus) => ContainerRunner;
  readonly #ephemeral: EphemeralContainers;
  #initial: ContainerRunner[] = [];
  #main: ContainerRunner[] = [];
  #isStopping = false;

  /** @param make a container, that was so before */
  constructor(pod: () => Pod, make: (container: Container, before?: ContainerStatus) => ContainerRunner) {
    this.#pod = pod;
    this.#make = make;
    this.#ephemeral = new EphemeralContainers((container) => this.#makeEphemeral(container));
  }

  find(name: string): ContainerRunner | undefined {
    const all = [...this.#initial, ...this.#main, ...this.#ephemeral.runners];
    return all.find(({ container }) => container.name === name);
  }

  /** Of a pod that has ended as well: their logs are asked for. */
  create(isRunning: boolean): void {
    const { spec, status } = this.#pod();
    const before = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
    const make = (container: Container) => this.#make(container, leftBehind(container, before));
    this.#initial = (spec.initContainers ?? []).map(make);
    this.#main = spec.containers.map(make);
    this.#ephemeral.take(spec.ephemeralContainers, isRunning);
  }

  /** Takes up the containers that were added to the pod. */
  takeAdded(isRunning: boolean): void {
    if (this.#main.length > 0 && !this.#isStopping)
      this.#ephemeral.take(this.#pod().spec.ephemeralContainers, isRunning);
  }

  /**
   * Runs them; resolves when they have ended, all but those that were added.
   * @param graceLeftMs how long sidecars may take when all others have ended
   */
  async run(graceLeftMs: () => number): Promise<void> {
    const sidecarEnds: Promise<number>[] = [];
    if (await this.#runInitial(sidecarEnds)) await this.#runMain();
    // What runs still are sidecars.
    await endInOrder(this.#initial, [], graceLeftMs());
    await Promise.all(sidecarEnds);
  }

  /** Ends those of the pod, within `graceMs`; a shorter grace later takes over. */
  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true;
    await Promise.all([endInOrder(this.#initial, this.#main, graceMs), this.#ephemeral.stop(graceMs)]);
  }

  /** The statuses of containers; of one that is not made, what was told of it before. */
  statusesOf(containers: readonly Container[] = [], before: readonly ContainerStatus[] = []): ContainerStatus[] {
    const reason = this.#pod().spec.initContainers?.length ? 'PodInitializing' : 'ContainerCreating';
    return containers.map((container) => {
      const known = this.find(container.name)?.status ?? before.find(({ name }) => name === container.name);
      return structuredClone(known ?? initialStatus(container, reason));
    });
  }

  #makeEphemeral(container: EphemeralContainer): ContainerRunner {
    const before = leftBehind(container, this.#pod().status?.ephemeralContainerStatuses ?? []);
    return this.#make(container, before ?? initialStatus(container, 'ContainerCreating'));
  }

  /** Runs one after the other. @returns whether all have done their part, and the sidecars among them started */
  async #runInitial(sidecarEnds: Promise<number>[]): Promise<boolean> {
    for (const runner of this.#initial) {
      if (isSidecar(this.#pod(), runner.container.name)) {
        await new Promise<void>((started) => {
          sidecarEnds.push(this.#goOn(runner, { started }).finally(started));
        });
        continue;
      }
      const exitCode = await this.#goOn(runner);
      if (this.#isStopping || exitCode !== 0) return false;
      runner.status.ready = true;
    }
    return !this.#isStopping;
  }

  /** Each begins when the one before has begun, and its postStart hook is done. Resolves when all have ended. */
  async #runMain(): Promise<void> {
    const ends: Promise<number>[] = [];
    for (const runner of this.#main) {
      await new Promise<void>((begun) => {
        ends.push(this.#goOn(runner, { begun }).finally(begun));
      });
    }
    await Promise.all(ends);
  }

  /** Runs a container, again where the agent before did not see its end; not one that needs no more runs. */
  async #goOn(runner: ContainerRunner, hearer: RunHearer = {}): Promise<number> {
    const { terminated } = runner.status.state;
    if (terminated && !runsAgain(this.#pod(), runner.container, terminated.exitCode)) return terminated.exitCode;
    if (terminated) runner.countRestart(usedToRun(terminated));
    return runner.run(hearer);
  }
}
