import { isObject } from '../schema/schema.ts';
import { type FieldType, structType } from './notation.ts';

/** The object with its members as Go writes them: those of structs in the order of their fields, those of maps by name. */
export function inStructOrder(object: Readonly<Record<string, unknown>>, struct: string): Record<string, unknown> {
  const { fields } = structType(struct);
  const others = Object.keys(object).filter((name) => !fields.some((field) => field.name === name));
  const entries = fields.filter(({ name }) => object[name] !== undefined);
  return Object.fromEntries([
    ...others.map((name): [string, unknown] => [name, object[name]]),
    ...entries.map(({ name, type }): [string, unknown] => [name, ordered(object[name], type)]),
  ]);
}

function ordered(value: unknown, type: FieldType): unknown {
  if (type.form === 'struct' && isObject(value)) return inStructOrder(value, type.struct!);
  if (type.form === 'list' && Array.isArray(value)) return value.map((each) => ordered(each, type.of!));
  if (type.form !== 'map' || !isObject(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, each]) => [name, ordered(each, type.of!)]));
}
