/**
 * Members of objects whose names others choose: labels, keys of ConfigMaps, fields of custom resources. Such a name may be one
 * that every object of JavaScript inherits, `constructor`, or means to it what it means to no one else, `__proto__`.
 */

/** What stands under the name in the object itself. */
export function ownMember<T>(members: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return members !== undefined && Object.hasOwn(members, name) ? members[name] : undefined;
}

/** Assigns a member even when it is called `__proto__`. */
export function setOwn(members: object, name: string, value: unknown): void {
  Object.defineProperty(members, name, { value, enumerable: true, writable: true, configurable: true });
}
