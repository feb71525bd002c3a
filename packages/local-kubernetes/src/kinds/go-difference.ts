import { goJson } from '../schema/field-error.ts';
import type { JsonObject } from '../schema/schema.ts';
import { unifiedDiff } from '../schema/unified-diff.ts';
import { goObject } from './go-object.ts';

/** How two objects that must not differ do, as a real API server shows it: by the lines of their JSON, in Go's names. */
export function goDifference(before: JsonObject, after: JsonObject, struct: string): string {
  const [one = '', other = ''] = [before, after].map((value) => goJson(goObject(value, struct), 1));
  return unifiedDiff(one, other);
}
