import type { Random } from '../../soak/random.ts';
import { mutations } from './mutations.ts';
import { isPlain, type Place, pickPlace, placesIn, placeText, valueAt, withValue } from './place.ts';

export interface Mutated<T> {
  readonly object: T;
  /** The last place that was changed, and how. */
  readonly place: Place;
  readonly value: unknown;
  /** All that was changed, for people. */
  readonly how: string;
}

/** The object with this many places changed. */
export function mutated<T>(object: T, count: number, random: Random): Mutated<T> {
  const place = pickPlace(object, random);
  const before = valueAt(object, place);
  const mutation = random.pick(mutations.filter(({ fits }) => fits(before)));
  const value = mutation.change(before, random);
  const how = `${placeText(place)} ${mutation.name}`;
  const changed = withValue(object, place, value);
  if (count <= 1 || !isPlain(changed) || placesIn(changed).length === 0) return { object: changed, place, value, how };
  const next = mutated(changed, count - 1, random);
  return { ...next, how: `${how}, ${next.how}` };
}
