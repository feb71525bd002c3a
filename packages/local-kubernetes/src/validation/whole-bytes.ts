import { isWholeQuantity, readQuantity } from '../schema/quantity.ts';
import type { JsonObject } from '../schema/schema.ts';

/** The warnings of amounts that are counted in bytes, which are whole. @param names of those amounts */
export function brokenBytes(amounts: JsonObject, names: readonly string[], path: string): string[] {
  return names.flatMap((name) => {
    const quantity = readQuantity(String(amounts[name] ?? '0'));
    if (typeof quantity === 'string' || isWholeQuantity(quantity)) return [];
    return [`${path}[${name}]: fractional byte value "${amounts[name]}" is invalid, must be an integer`];
  });
}
