// The continue token of paged lists: where the page ended, and of which revision. The form is the real server's, so
// that a client that peeks sees what it knows; no client may rely on it.

import { readJsonText } from '../schema/json-text.ts';
import { badRequest } from './status-errors.ts';

const apiVersion = 'meta.k8s.io/v1';

export interface ContinuePosition {
  /** -1: no snapshot, go on with today's state. */
  readonly revision: number;
  /** The last key that was shown, below the list's own prefix. */
  readonly after: string;
}

export function encodeContinue({ revision, after }: ContinuePosition): string {
  return Buffer.from(JSON.stringify({ v: apiVersion, rv: revision, start: `${after}\u0000` })).toString('base64url');
}

/** @throws {StatusError} BadRequest for what this server did not write */
export function decodeContinue(token: string): ContinuePosition {
  const bytes = Buffer.from(token, 'base64url');
  const { problem } = readJsonText(bytes);
  if (problem !== undefined) throw badRequest(`invalid continue token: continue key is not valid: ${problem}`);
  const content = JSON.parse(bytes.toString('utf8')) as { v?: unknown; rv?: unknown; start?: unknown } | null;
  const { v: version = '', rv, start = '' } = content ?? {};
  const refuse = (problem: string): never => {
    throw badRequest(`invalid continue token: continue key is not valid: ${problem}`);
  };
  if (version !== apiVersion) return refuse(`server does not recognize this encoded version ${String(version)}`);
  if (typeof rv !== 'number' || !Number.isSafeInteger(rv) || rv === 0) {
    return refuse(`incorrect encoded start resourceVersion (version ${apiVersion})`);
  }
  if (typeof start !== 'string' || start === '') return refuse(`encoded start key empty (version ${apiVersion})`);
  // A key never climbs.
  if (start.split('/').some((part) => part === '.' || part === '..')) return refuse(start);
  return { revision: rv, after: start.replace(/\u0000$/, '') };
}
