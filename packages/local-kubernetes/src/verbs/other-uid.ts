import type { StatusError } from '../client/status-error.ts';
import { resourceOf, type Target } from './request.ts';
import { conflict } from './status-errors.ts';

/** The object of this name is not the one that is meant, in the words of a real server's store. */
export function otherUid(target: Target, wanted: string, found: string | undefined): StatusError {
  const path = ['/registry', target.kind.plural, target.namespace, target.name].filter((part) => part !== '').join('/');
  return conflict(
    resourceOf(target),
    target.name,
    `StorageError: invalid object, Code: 4, Key: ${path}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${wanted}, UID in object meta: ${found}`,
  );
}
