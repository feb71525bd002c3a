/** The numbers the scale subresource reads must be numbers it can carry. */

import type { ScalePaths } from '../kinds/kind.ts';
import { goText } from '../patch/go-text.ts';
import { type FieldError, invalid } from '../schema/field-error.ts';
import { isObject, type JsonObject } from '../schema/schema.ts';

const mostReplicas = 2 ** 31 - 1;

export function validateScaleFields(
  object: JsonObject,
  scale: ScalePaths | undefined,
  which: 'both' | 'status',
): FieldError[] {
  if (!scale) return [];
  const errors: FieldError[] = [];
  if (which === 'both') errors.push(...replicaErrors(object, scale.specReplicasPath));
  errors.push(...replicaErrors(object, scale.statusReplicasPath));
  if (scale.labelSelectorPath) {
    const { value, problem } = nested(object, scale.labelSelectorPath);
    if (problem) errors.push(invalid(scale.labelSelectorPath, '', problem));
    else if (value !== undefined && typeof value !== 'string') {
      errors.push(invalid(scale.labelSelectorPath, '', accessorText(scale.labelSelectorPath, value, 'string')));
    }
  }
  return errors;
}

function replicaErrors(object: JsonObject, path: string): FieldError[] {
  const { value, problem } = nested(object, path);
  if (problem) return [invalid(path, 0, problem)];
  if (value === undefined) return [];
  if (typeof value !== 'number' || goTypeName(value) !== 'int64') {
    return [invalid(path, 0, accessorText(path, value, 'int64'))];
  }
  if (value < 0) return [invalid(path, value, 'should be a non-negative integer')];
  if (value > mostReplicas) return [invalid(path, value, `should be less than or equal to ${mostReplicas}`)];
  return [];
}

/** The value at `.spec.size`, or what stands in the way. */
export function nested(object: JsonObject, path: string): { value?: unknown; problem?: string } {
  let value: unknown = object;
  const names = path.replace(/^\./, '').split('.');
  for (const [index, name] of names.entries()) {
    if (value === null || value === undefined) return {};
    if (!isObject(value)) {
      return { problem: accessorText(path, value, 'map[string]interface{}', names.slice(0, index + 1)) };
    }
    if (!Object.hasOwn(value, name)) return {};
    value = value[name];
  }
  return { value };
}

function accessorText(path: string, value: unknown, expected: string, names?: string[]): string {
  const shown = names ? `.${names.join('.')}` : `.${path.replace(/^\./, '')}`;
  return `${shown} accessor error: ${goText(value)} is of the type ${goTypeName(value)}, expected ${expected}`;
}

function goTypeName(value: unknown): string {
  if (value === null) return '<nil>';
  if (Array.isArray(value)) return '[]interface {}';
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) < 2 ** 63 ? 'int64' : 'float64';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'string' ? 'string' : 'map[string]interface {}';
}
