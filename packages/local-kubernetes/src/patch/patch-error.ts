/** Refusals of a patch, as the Status a real API server answers with. */
import { StatusError } from '../client/status-error.ts';

/** The patch breaks what applies it: 500, without a reason, as the real server answers a plain error. */
export function failedPatch(message: string): StatusError {
  return new StatusError({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, code: 500 });
}

/** The patch itself cannot be read: 400. */
export function badPatch(message: string): StatusError {
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason: 'BadRequest',
    code: 400,
  });
}

/** The patch reads well but does not fit the object: 422. */
export function unfitPatch(message = 'the server rejected our request due to an error in our request'): StatusError {
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason: 'Invalid',
    details: {},
    code: 422,
  });
}
