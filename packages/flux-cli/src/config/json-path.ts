/** Values within objects by names with points between them, as `flux config` and `flux module stats` take them. */
import { CommandError } from '../command-module.ts';

export type JsonObject = Record<string, unknown>;

/** Undefined when there is none. @throws CommandError when the path has an empty name */
export function valueAt(object: unknown, path: string): unknown {
  return namesOf(path).reduce<unknown>(
    (value, name) => (isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined),
    object,
  );
}

/** Puts a value in place; what is on the way and is no object is replaced by one. @throws CommandError */
export function setAt(object: JsonObject, path: string, value: unknown): void {
  const names = namesOf(path);
  let place = object;
  for (const name of names.slice(0, -1)) {
    if (!isObject(place[name])) place[name] = {};
    place = place[name] as JsonObject;
  }
  place[names.at(-1)!] = value;
}

/** No error when there is nothing. @throws CommandError when the path has an empty name */
export function deleteAt(object: JsonObject, path: string): void {
  const names = namesOf(path);
  const place = names.length === 1 ? object : valueAt(object, names.slice(0, -1).join('.'));
  if (isObject(place)) delete place[names.at(-1)!];
}

function namesOf(path: string): string[] {
  const names = path.split('.');
  if (names.includes('')) throw new CommandError(`${path}: Invalid argument`);
  return names;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
