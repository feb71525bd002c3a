/** Where two operators made something else of the same MiniCluster, and which of that a list of differences foresees. */
import { fieldsOf } from './fields.ts';
import type { Made } from './made-objects.ts';

export interface Difference {
  /** Kind of the object. */
  readonly kind: string;
  /** The field in the object, for example `spec.template.spec.volumes[data].name`; empty for the object itself. */
  readonly field: string;
  /** The values as JSON; undefined where the field is not there. */
  readonly first: string | undefined;
  readonly second: string | undefined;
}

export function differences(first: readonly Made[], second: readonly Made[]): Difference[] {
  const [a, b] = [fieldsOf(first), fieldsOf(second)];
  return [...new Set([...a.keys(), ...b.keys()])]
    .filter((path) => a.get(path)?.text !== b.get(path)?.text)
    .map((path) => {
      const { kind, field } = (a.get(path) ?? b.get(path)) as { kind: string; field: string };
      return { kind, field, first: a.get(path)?.text, second: b.get(path)?.text };
    });
}

/** A difference that is meant to be. */
export interface Foreseen {
  /** Kinds of objects; empty for all. */
  readonly kinds: readonly string[];
  /** A field and all below it; `[]` is any entry of a list, `*` any part of a name. Empty for the whole object. */
  readonly field: string;
}

export function foresees({ kinds, field }: Foreseen, difference: Difference): boolean {
  if (kinds.length > 0 && !kinds.includes(difference.kind)) return false;
  const pattern = field
    .replaceAll(/[.+^${}()|\\/]/g, '\\$&')
    .replaceAll('[]', '[*]')
    .replaceAll('[', '\\[')
    .replaceAll(']', '\\]')
    .replaceAll('*', '[^\\]]*');
  return field === '' || new RegExp(`^${pattern}(?=$|\\.|\\[)`).test(difference.field);
}
