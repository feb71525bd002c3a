/** What a pass can do, and what it can tell. */
import type { Idset } from '@ebb/flux-formats';

export type Action =
  | { kind: 'label-pod'; pod: string; index: number }
  | { kind: 'patch-job'; spec: Record<string, unknown> }
  | { kind: 'patch-size'; size: number; why: 'denied' | 'autoscaled' }
  | { kind: 'drain'; ranks: Idset; target: number }
  | { kind: 'undrain'; ranks: Idset }
  | { kind: 'set-excluded'; excluded: string }
  | { kind: 'delete-cluster' };

export interface EventDraft {
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
}
