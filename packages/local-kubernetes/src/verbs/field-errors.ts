import { type FieldError, fieldCauses } from '../schema/field-error.ts';
import { kindOf, type Target } from './request.ts';
import { invalid } from './status-errors.ts';

/** @throws {StatusError} Invalid with one cause for each error */
export function checkValid(target: Target, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid(kindOf(target), target.name, fieldCauses(errors));
}
