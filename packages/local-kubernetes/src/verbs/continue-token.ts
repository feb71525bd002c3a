// The continue token of paged lists: where the page ended, and of which revision. The form is the real server's, so
// that a client that peeks sees what it knows; no client may rely on it.

import { readJsonText } from '../schema/json-text.ts';
import { badRequest } from './status-errors.ts';

export interface ContinuePosition {
  /** -1: no snapshot, go on with today's state. */
  readonly revision: number;
  /** The last key that was shown, below the list's own prefix. */
  readonly after: string;
}

export function encodeContinue({ revision, after }: ContinuePosition): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start: `${after}\u0000` })).toString(
    'base64url',
  );
}

/** @throws {StatusError} BadRequest for what this server did not write */
export function decodeContinue(token: string): ContinuePosition {
  const bytes = Buffer.from(token, 'base64url');
  const { problem } = readJsonText(bytes);
  if (problem !== undefined) throw badRequest(`invalid continue token: continue key is not valid: ${problem}`);
  const content = JSON.parse(bytes.toString('utf8')) as { v?: unknown; rv?: unknown; start?: unknown } | null;
  if (typeof content !== 'object' || content === null || content.v !== 'meta.k8s.io/v1') {
    throw badRequest(
      'invalid continue token: continue key is not valid: server does not recognize this encoded version',
    );
  }
  const { rv, start } = content;
  if (
    typeof rv !== 'number' ||
    !Number.isSafeInteger(rv) ||
    rv === 0 ||
    typeof start !== 'string' ||
    !start.endsWith('\u0000')
  ) {
    throw badRequest('invalid continue token: continue key is not valid: incorrect encoded start resourceVersion');
  }
  return { revision: rv, after: start.slice(0, -1) };
}
