import type { Random } from '../../soak/random.ts';

/** The way to a value within an object: names of fields and numbers of entries. */
export type Place = readonly (string | number)[];
export type Plain = Record<string, unknown>;

/** What takes a value out of where it stands. */
export const gone = Symbol('gone');

export function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** All places below the root, without those that only say which kind it is. */
export function placesIn(value: unknown, here: Place = []): Place[] {
  const steps = Array.isArray(value) ? [...value.keys()] : isPlain(value) ? Object.keys(value) : [];
  const below = steps.flatMap((step) => placesIn(childOf(value, step), [...here, step]));
  return here.length === 0 ? below : [here, ...below];
}

/** A place, as likely in the metadata as one in eight. @throws Error for an object without any */
export function pickPlace(object: unknown, random: Random): Place {
  const places = placesIn(object);
  const metadata = places.filter(([first]) => first === 'metadata');
  const others = places.filter(([first]) => first !== 'metadata');
  const isMetadata = others.length === 0 || (metadata.length > 0 && random.between(1, 8) === 1);
  return random.pick(isMetadata ? metadata : others);
}

export function valueAt(object: unknown, place: Place): unknown {
  return place.reduce<unknown>(childOf, object);
}

/** The object with another value at the place, or without it. */
export function withValue<T>(object: T, place: Place, value: unknown): T {
  const copy = structuredClone(object);
  const parent = valueAt(copy, place.slice(0, -1)) as Plain & unknown[];
  const last = place.at(-1)!;
  if (value !== gone) parent[last as never] = value as never;
  else if (Array.isArray(parent)) parent.splice(last as number, 1);
  else delete parent[last];
  return copy;
}

/** As people write it: `spec.containers[0].name`. */
export function placeText(place: Place): string {
  return place
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');
}

/** RFC 6901. */
export function pointerTo(place: Place): string {
  return place.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function childOf(value: unknown, step: string | number): unknown {
  return (value as Plain | undefined)?.[step];
}
