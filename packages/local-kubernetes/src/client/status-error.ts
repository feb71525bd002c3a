// metav1.Status, the answer of a Kubernetes API to what it could not or would not do.

export interface StatusCause {
  reason?: string;
  message?: string;
  field?: string;
}

export interface Status {
  kind: 'Status';
  apiVersion: 'v1';
  metadata: { resourceVersion?: string; continue?: string };
  status: 'Success' | 'Failure';
  message?: string;
  reason?: string;
  details?: {
    name?: string;
    group?: string;
    kind?: string;
    uid?: string;
    causes?: StatusCause[];
    retryAfterSeconds?: number;
  };
  /** The HTTP status code. */
  code: number;
}

/** A request that was answered with a failure. `reason` is what to act on: NotFound, Conflict, AlreadyExists, ... */
export class StatusError extends Error {
  readonly status: Status;
  readonly code: number;
  readonly reason: string;

  constructor(status: Status) {
    super(status.message ?? status.reason ?? `the request failed with code ${status.code}`);
    this.name = 'StatusError';
    this.status = status;
    this.code = status.code;
    this.reason = status.reason ?? '';
  }
}
