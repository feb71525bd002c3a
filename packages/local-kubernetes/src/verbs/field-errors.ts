import { type FieldError, fieldCauses } from '../schema/field-error.ts';
import { kindOf, type Target } from './request.ts';
import { invalid } from './status-errors.ts';

/** @throws {StatusError} Invalid with one cause for each error */
export function checkValid(target: Target, errors: readonly FieldError[]): void {
  if (errors.length === 0) return;
  // What is one thing under two names is named by the first.
  const { kind } = kindOf(target);
  throw invalid({ group: (target.kind.storedAs ?? target.kind).group, kind }, target.name, fieldCauses(errors));
}
