// What every controller is given.

import type { KubernetesClient } from '../client/kubernetes-client.ts';
import type { KubernetesObject } from '../client/kubernetes-object.ts';

/** Writes an Event about an object; fails in silence, an event is never worth a failed pass. */
export type EventWriter = (
  about: KubernetesObject,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
) => void;

export interface ControllerContext {
  readonly client: KubernetesClient;
  readonly now: () => Date;
  readonly log: (text: string) => void;
  readonly events: EventWriter;
}
