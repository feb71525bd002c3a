// The catalogue of errors this API server answers with: one function each, with the code, reason, message and details
// of a metav1.Status as k8s.io/apimachinery's api/errors words them.

import { type Status, type StatusCause, StatusError } from '../client/status-error.ts';
import { aggregated, goQuote } from '../schema/field-error.ts';

/** What an error names: `jobs` in `batch`. */
export interface QualifiedResource {
  readonly group: string;
  readonly resource: string;
}

export interface QualifiedKind {
  readonly group: string;
  readonly kind: string;
}

type Details = NonNullable<Status['details']>;

export function failure(code: number, reason: string, message: string, details?: Details): StatusError {
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    ...(reason ? { reason } : {}),
    ...(details ? { details } : {}),
    code,
  });
}

/** `jobs.batch`, or `pods` for the core group. */
export function resourceText({ group, resource }: QualifiedResource): string {
  return group ? `${resource}.${group}` : resource;
}

function kindText({ group, kind }: QualifiedKind): string {
  return group ? `${kind}.${group}` : kind;
}

function detailsOf({ group, resource }: QualifiedResource, name: string): Details {
  return { ...(name ? { name } : {}), ...(group ? { group } : {}), kind: resource };
}

export const badRequest = (message: string) => failure(400, 'BadRequest', message);

export const unauthorized = () => failure(401, 'Unauthorized', 'Unauthorized');

export function forbidden(resource: QualifiedResource, name: string, why: string): StatusError {
  const subject = name ? `${resourceText(resource)} "${name}"` : resourceText(resource);
  const message = resource.resource ? `${subject} is forbidden: ${why}` : `forbidden: ${why}`;
  return failure(403, 'Forbidden', message, resource.resource ? detailsOf(resource, name) : {});
}

export function notFound(resource: QualifiedResource, name: string): StatusError {
  return failure(404, 'NotFound', `${resourceText(resource)} "${name}" not found`, detailsOf(resource, name));
}

/** The path names nothing that is served. */
export const noSuchResource = () => failure(404, 'NotFound', 'the server could not find the requested resource', {});

export function alreadyExists(resource: QualifiedResource, name: string): StatusError {
  const message = `${resourceText(resource)} "${name}" already exists`;
  return failure(409, 'AlreadyExists', message, detailsOf(resource, name));
}

export function generateNameConflict(resource: QualifiedResource, name: string): StatusError {
  const message = `${resourceText(resource)} "${name}" already exists, the server was not able to generate a unique name for the object`;
  return failure(409, 'AlreadyExists', message, { ...detailsOf(resource, name), retryAfterSeconds: 1 });
}

export function conflict(resource: QualifiedResource, name: string, why: string): StatusError {
  const message = `Operation cannot be fulfilled on ${resourceText(resource)} "${name}": ${why}`;
  return failure(409, 'Conflict', message, detailsOf(resource, name));
}

export const staleObject = (resource: QualifiedResource, name: string) =>
  conflict(
    resource,
    name,
    'the object has been modified; please apply your changes to the latest version and try again',
  );

/** Server-side apply met fields of other managers. */
export function applyConflict(causes: readonly StatusCause[]): StatusError {
  const [first] = causes;
  const message =
    causes.length === 1
      ? `Apply failed with 1 conflict: ${first?.message}: ${first?.field}`
      : `Apply failed with ${causes.length} conflicts: ${conflictLines(causes)}`;
  return failure(409, 'Conflict', message, { causes: [...causes] });
}

/** By manager, in alphabetical order, with the fields of each. */
function conflictLines(causes: readonly StatusCause[]): string {
  const byManager = new Map<string, string[]>();
  for (const { message = '', field = '' } of causes) {
    const fields = byManager.get(message) ?? [];
    fields.push(field);
    byManager.set(message, fields);
  }
  return [...byManager]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([manager, fields]) =>
        `${manager.replace('conflict', 'conflicts')}:\n${fields.map((field) => `- ${field}`).join('\n')}`,
    )
    .join('\n');
}

/** The object breaks rules of its kind. `causes` carry field.Error texts. */
export function invalid(kind: QualifiedKind, name: string, causes: readonly StatusCause[]): StatusError {
  const texts = causes.map(({ field, message }) => (field ? `${field}: ${message}` : `${message}`));
  return failure(422, 'Invalid', `${kindText(kind)} ${goQuote(name)} is invalid: ${aggregated(texts)}`, {
    ...(name ? { name } : {}),
    ...(kind.group ? { group: kind.group } : {}),
    ...(kind.kind ? { kind: kind.kind } : {}),
    causes: [...causes],
  });
}

/** The path is served, this HTTP method on it is not. */
export const methodNotAllowed = () =>
  failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});

/** A kind that is known here, and of which nothing can be made. @param why as in `Kind.notRun` */
export function notRun(resource: QualifiedResource, why: string): StatusError {
  const message = `${resourceText(resource)} cannot be created here: local Kubernetes ${why}`;
  return failure(405, 'MethodNotAllowed', message, detailsOf(resource, ''));
}

export const notAcceptable = (available: readonly string[]) =>
  failure(406, 'NotAcceptable', `406: Not Acceptable\n\nAvailable representations: ${available.join(', ')}`, {});

/** A media type that is served, asked for in a form (`as=`) that is not. */
export const unknownForm = (available: readonly string[]) =>
  failure(406, 'NotAcceptable', `only the following media types are accepted: ${available.join(', ')}`);

/** The name by which a real API server's messages call a group's types. */
export function packageOf(group: string): string {
  return group === '' ? 'core' : (group.split('.')[0] as string);
}

/** One object cannot be shown in the form of a list. */
export function noList(
  form: string,
  { group, kind, builtIn }: QualifiedKind & { readonly builtIn: boolean },
): StatusError {
  // The types of Go behind the two sorts of kinds.
  const type = builtIn ? `${packageOf(group)}.${kind}` : 'unstructured.Unstructured';
  return failure(406, 'NotAcceptable', `you requested ${form}, but the requested object is not a list (*${type})`);
}

export const unsupportedMediaType = (accepted: readonly string[]) =>
  failure(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );

/** A patch of a type this resource does not take. */
export const unsupportedPatchType = () => failure(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});

/** A failure that a real API server answers without a reason. */
export const plainError = (message: string) => failure(500, '', message);

/** The asked revision is forgotten. */
export const expired = (message: string) => failure(410, 'Expired', message);

export const tooOldResourceVersion = (asked: number, oldest: number) =>
  expired(`too old resource version: ${asked} (${oldest})`);

/** A page of a list whose snapshot is forgotten; `token` goes on with today's state. */
export function expiredContinue(token: string): StatusError {
  const error = expired(
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without ' +
      'the continue parameter, or use the continue token in this response to retrieve the remainder of the results. ' +
      'Continuing with the provided token results in an inconsistent list - objects that were created, modified, or ' +
      'deleted between the time the first chunk was returned and now may show up in the list.',
  );
  error.status.metadata = { continue: token };
  return error;
}

export const tooLargeResourceVersion = (asked: number, current: number) =>
  failure(504, 'Timeout', `Timeout: Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });

export const requestTooLarge = (limit: number) =>
  failure(413, 'RequestEntityTooLarge', `Request entity is too large: limit is ${limit}`);

export const tooManyRequests = (message: string, retryAfterSeconds: number) =>
  failure(429, 'TooManyRequests', message, { retryAfterSeconds });

/** What a disruption budget says of an eviction. @param retryAfterSeconds 0 where nobody can say */
export function evictionRefused(why: string, retryAfterSeconds: number): StatusError {
  return failure(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", {
    ...(retryAfterSeconds > 0 ? { retryAfterSeconds } : {}),
    causes: [{ reason: 'DisruptionBudget', message: why }],
  });
}

export const internalError = (message: string) =>
  failure(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] });
