// Containers that are added to a pod while it runs, as `kubectl debug` does: run once, never again, and ended with the pod's own.

import type { ContainerRunner } from '../containers/container-runner.ts';
import type { EphemeralContainer } from '../pod-types.ts';

export class EphemeralContainers {
  readonly #make: (container: EphemeralContainer) => ContainerRunner;
  readonly #runs = new Map<string, { readonly runner: ContainerRunner; readonly ended: Promise<unknown> }>();

  constructor(make: (container: EphemeralContainer) => ContainerRunner) {
    this.#make = make;
  }

  get runners(): ContainerRunner[] {
    return [...this.#runs.values()].map(({ runner }) => runner);
  }

  /**
   * Takes up those that were not there before.
   * @param isRunning whether the pod runs, and they with it; one that has run before does not run again
   */
  take(containers: readonly EphemeralContainer[] = [], isRunning: boolean): void {
    for (const container of containers) {
      if (this.#runs.has(container.name)) continue;
      const runner = this.#make(container);
      const hasRun = runner.status.state.terminated !== undefined;
      this.#runs.set(container.name, { runner, ended: isRunning && !hasRun ? runner.run() : Promise.resolve() });
    }
  }

  /** Resolves when none runs any more. */
  async stop(graceMs: number): Promise<void> {
    await Promise.all(
      [...this.#runs.values()].map(async ({ runner, ended }) => {
        await runner.stop(graceMs);
        await ended;
      }),
    );
  }
}
