/** Paths within a volume: relative, and never upwards. */
import { type FieldError, invalid } from '../../schema/field-error.ts';

export function validateNoStepsUp(path: string, field: string): FieldError[] {
  return path.split('/').includes('..') ? [invalid(field, path, "must not contain '..'")] : [];
}

export function validateRelativePath(path: string, field: string): FieldError[] {
  const errors = path.startsWith('/') ? [invalid(field, path, 'must be a relative path')] : [];
  return [...errors, ...validateNoStepsUp(path, field)];
}

/** Of a file that is laid into a volume: names that begin with two dots are the kubelet's own. */
export function validateFilePath(path: string, field: string): FieldError[] {
  const errors = validateRelativePath(path, field);
  const isReserved = path.startsWith('..') && !path.startsWith('../');
  return isReserved ? [...errors, invalid(field, path, "must not start with '..'")] : errors;
}

const mostMode = 0o777;

export function validateMode(mode: unknown, path: string): FieldError[] {
  if (typeof mode !== 'number' || (mode >= 0 && mode <= mostMode)) return [];
  return [invalid(path, mode, 'must be a number between 0 and 0777 (octal), both inclusive')];
}
