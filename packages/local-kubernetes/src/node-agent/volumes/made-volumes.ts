// The volumes of one pod on this machine: made when what they need is there, kept as the API has them, gone with the pod.

import { join } from 'node:path';
import type { AgentContext } from '../agent-context.ts';
import { runCommand } from '../host/run-command.ts';
import type { Pod, Volume } from '../pod-types.ts';
import type { FieldContext } from '../references/field-references.ts';
import { HeldTokens } from '../references/held-tokens.ts';
import { requestToken, volumeSources } from '../references/object-sources.ts';
import { writeAtomically } from './atomic-folder.ts';
import { makeVolume } from './pod-volumes.ts';
import { followsApi, objectsIn, projectedFiles } from './projected-files.ts';

const retryMs = 500;
const longestRetryMs = 5000;

/** The pod whose volumes they are. */
export interface VolumesPod {
  readonly pod: () => Pod;
  readonly fields: () => FieldContext;
  /** Hears why a volume could not be made, or not be brought up to date. */
  failed(why: string): void;
}

export class MadeVolumes {
  readonly #folder: string;
  readonly #of: VolumesPod;
  readonly #context: Pick<AgentContext, 'client' | 'now' | 'followed'>;
  readonly #tokens: HeldTokens;
  readonly #made = new Map<string, string>();
  #unfollow: (() => void)[] = [];
  #wake: (() => void) | undefined;
  #isStopped = false;
  #refreshing: Promise<void> | undefined;
  #isOutdated = false;
  #renewal: NodeJS.Timeout | undefined;

  constructor(folder: string, of: VolumesPod, context: Pick<AgentContext, 'client' | 'now' | 'followed'>) {
    this.#folder = folder;
    this.#of = of;
    this.#context = context;
    this.#tokens = new HeldTokens((...words) => requestToken(context.client, of.pod(), ...words), context.now);
  }

  /** Where each lies, by its name. */
  get paths(): ReadonlyMap<string, string> {
    return this.#made;
  }

  get #volumes(): readonly Volume[] {
    return this.#of.pod().spec.volumes ?? [];
  }

  get #sources() {
    return volumeSources(this.#context.client, this.#of.pod(), (...words) => this.#tokens.get(...words));
  }

  /**
   * Makes them, trying again while something they need is not there, and from then on follows what they come from.
   * @returns false when the pod ended before
   */
  async make(): Promise<boolean> {
    let delayMs = retryMs;
    for (const volume of this.#volumes) {
      while (!this.#made.has(volume.name)) {
        if (this.#isStopped) return false;
        try {
          this.#made.set(volume.name, await makeVolume(volume, this.#folder, this.#of.fields(), this.#sources));
        } catch (error) {
          this.#of.failed((error as Error).message);
          await this.#pause(delayMs);
          delayMs = Math.min(delayMs * 2, longestRetryMs);
        }
      }
    }
    if (!this.#isStopped) this.#follow();
    return !this.#isStopped;
  }

  /** What they show may be another now: the pod's labels and annotations, too, can be in them. */
  changed(): void {
    if (this.#isStopped || this.#made.size < this.#volumes.length || !this.#volumes.some(followsApi)) return;
    this.#isOutdated = true;
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    });
  }

  /** Tries and follows no more. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#renewal);
    for (const unfollow of this.#unfollow) unfollow();
    this.#unfollow = [];
    this.#wake?.();
  }

  /** Takes away what a folder's deletion would not. */
  async unmount(): Promise<void> {
    await this.#refreshing;
    for (const { name, emptyDir } of this.#volumes) {
      const made = this.#made.get(name);
      if (made && emptyDir?.medium === 'Memory') await runCommand('umount', ['-l', made]).catch(() => {});
    }
  }

  #follow(): void {
    const { namespace = '' } = this.#of.pod().metadata;
    this.#unfollow = objectsIn(this.#volumes).map((ref) =>
      this.#context.followed.follow({ ...ref, namespace }, () => this.changed()),
    );
    this.#awaitRenewal();
  }

  async #refresh(): Promise<void> {
    while (this.#isOutdated && !this.#isStopped) {
      this.#isOutdated = false;
      const { fsGroup } = this.#of.pod().spec.securityContext ?? {};
      for (const volume of this.#volumes.filter(followsApi)) {
        try {
          const files = await projectedFiles(volume, this.#of.fields(), this.#sources);
          if (this.#isStopped) return;
          if (files) writeAtomically(join(this.#folder, volume.name), files, fsGroup);
        } catch (error) {
          // What was there stays.
          this.#of.failed((error as Error).message);
        }
      }
    }
    this.#awaitRenewal();
  }

  #awaitRenewal(): void {
    clearTimeout(this.#renewal);
    const { nextRenewal } = this.#tokens;
    if (nextRenewal === undefined || this.#isStopped) return;
    const waitMs = Math.max(longestRetryMs, nextRenewal - this.#context.now().getTime());
    this.#renewal = setTimeout(() => this.changed(), waitMs);
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
