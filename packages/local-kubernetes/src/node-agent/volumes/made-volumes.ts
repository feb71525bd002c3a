// The volumes of one pod on this machine: made when what they need is there, gone with the pod.

import type { AgentContext } from '../agent-context.ts';
import { runCommand } from '../host/run-command.ts';
import type { Pod } from '../pod-types.ts';
import type { FieldContext } from '../references/field-references.ts';
import { volumeSources } from '../references/object-sources.ts';
import { makeVolume } from './pod-volumes.ts';

const retryMs = 500;
const longestRetryMs = 5000;

export class MadeVolumes {
  readonly #folder: string;
  readonly #made = new Map<string, string>();
  #wake: (() => void) | undefined;
  #isStopped = false;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Where each lies, by its name. */
  get paths(): ReadonlyMap<string, string> {
    return this.#made;
  }

  /**
   * Makes them, trying again while something they need is not there.
   * @param failed hears why one could not be made
   * @returns false when the pod ended before
   */
  async make(
    pod: Pod,
    fields: () => FieldContext,
    { client }: Pick<AgentContext, 'client'>,
    failed: (why: string) => void,
  ): Promise<boolean> {
    const sources = volumeSources(client, pod);
    let delayMs = retryMs;
    for (const volume of pod.spec.volumes ?? []) {
      while (!this.#made.has(volume.name)) {
        if (this.#isStopped) return false;
        try {
          this.#made.set(volume.name, await makeVolume(volume, this.#folder, fields(), sources));
        } catch (error) {
          failed((error as Error).message);
          await this.#pause(delayMs);
          delayMs = Math.min(delayMs * 2, longestRetryMs);
        }
      }
    }
    return !this.#isStopped;
  }

  /** Tries no more. */
  stop(): void {
    this.#isStopped = true;
    this.#wake?.();
  }

  /** Takes away what a folder's deletion would not. */
  async unmount({ spec }: Pod): Promise<void> {
    for (const { name, emptyDir } of spec.volumes ?? []) {
      const made = this.#made.get(name);
      if (made && emptyDir?.medium === 'Memory') await runCommand('umount', ['-l', made]).catch(() => {});
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
