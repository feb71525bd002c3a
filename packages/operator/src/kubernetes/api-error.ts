/** What the API server answered instead of what was asked for (metav1.Status). */
export class ApiError extends Error {
  /** HTTP status, or 0 when no answer came. */
  readonly code: number;
  /** metav1.StatusReason, such as NotFound, Conflict or Expired. */
  readonly reason: string;
  /** How long the server wants to be left alone, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(code: number, reason: string, message: string, retryAfterMs?: number, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ApiError';
    this.code = code;
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
  }

  get isNotFound(): boolean {
    return this.code === 404;
  }

  /** The object was changed, or made, by someone else in between. */
  get isConflict(): boolean {
    return this.code === 409;
  }

  /** The version to watch from is too old: list again. */
  get isExpired(): boolean {
    return this.code === 410 || this.reason === 'Expired' || this.reason === 'Gone';
  }

  /** Trying the same again cannot help. */
  get isPermanent(): boolean {
    return [400, 403, 405, 413, 415, 422].includes(this.code);
  }
}

/** An ApiError from the body of an answer. */
export function apiErrorFrom(code: number, body: string, retryAfter: string | undefined): ApiError {
  const seconds = Number(retryAfter);
  const wait = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
  try {
    const status = JSON.parse(body) as { kind?: string; message?: string; reason?: string };
    if (status.kind === 'Status')
      return new ApiError(code, status.reason ?? '', status.message ?? `HTTP ${code}`, wait);
  } catch {
    // Not every answer is a Status: proxies in between write text.
  }
  return new ApiError(code, '', `HTTP ${code}: ${body.slice(0, 200)}`, wait);
}
