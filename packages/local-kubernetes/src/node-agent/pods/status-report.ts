// Tells the API server of a pod's status, as often as it changes and no more.

import { StatusError } from '../../client/status-error.ts';
import type { AgentContext } from '../agent-context.ts';
import type { Pod, PodStatus } from '../pod-types.ts';
import { statusPatch } from './status-patch.ts';

const retryMs = 500;

/** The pod that is told of. */
export interface ReportedPod {
  readonly pod: () => Pod;
  readonly status: () => PodStatus;
  /** Hears what stands at the server now. */
  readonly written: (status: PodStatus) => void;
  /** Whether there is nothing more to tell: the pod's object is gone, or the agent ends, which is no news of the pod. */
  readonly isOver: () => boolean;
}

export class StatusReport {
  readonly #context: Pick<AgentContext, 'client' | 'log'>;
  readonly #of: ReportedPod;
  #writing: Promise<void> | undefined;
  #isDirty = false;
  #last = '';

  constructor(context: Pick<AgentContext, 'client' | 'log'>, of: ReportedPod) {
    this.#context = context;
    this.#of = of;
  }

  /** The status may be another: it is written soon. */
  changed(): void {
    if (this.#of.isOver()) return;
    this.#isDirty = true;
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
  }

  /** Resolves when what changed is written, or cannot be. */
  get settled(): Promise<void> {
    return this.#writing ?? Promise.resolve();
  }

  /** Writes the status until what stands there is what is. */
  async #write(): Promise<void> {
    await Promise.resolve();
    while (this.#isDirty && !this.#of.isOver()) {
      this.#isDirty = false;
      const status = this.#of.status();
      const text = JSON.stringify(status);
      if (text === this.#last) continue;
      const { namespace, name, uid } = this.#of.pod().metadata;
      try {
        const ref = { apiVersion: 'v1', plural: 'pods', namespace: namespace!, name: name! };
        const written = await this.#context.client.patch(
          { ...ref, subresource: 'status' },
          { metadata: { uid }, status: statusPatch(status) },
          'strategic',
        );
        this.#last = text;
        this.#of.written(written['status'] as PodStatus);
      } catch (error) {
        if (error instanceof StatusError && (error.code === 404 || error.code === 409)) return;
        this.#context.log(`status of pod ${name}: ${String(error)}`);
        if (this.#of.isOver()) return;
        this.#isDirty = true;
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
    }
  }
}
