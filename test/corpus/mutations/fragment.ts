import { isPlain, type Place, type Plain, valueAt } from './place.ts';

/** Fields that tell an entry of a list from others: what a patch must repeat of it. */
const keys = [
  'name',
  'containerPort',
  'port',
  'protocol',
  'mountPath',
  'devicePath',
  'topologyKey',
  'whenUnsatisfiable',
  'ip',
  'type',
  'uid',
  'key',
];

/** The least of an object that has the value at the place: entries of lists with their keys, or whole lists. */
export function fragment(object: unknown, place: Place, value: unknown, wholeLists: boolean): unknown {
  const [step, ...rest] = place;
  if (step === undefined) return value;
  const below = valueAt(object, [step]);
  if (typeof step === 'string') return { [step]: fragment(below, rest, value, wholeLists) };
  const entry = fragment(below, rest, value, wholeLists);
  const merged = isPlain(entry) && isPlain(below) ? { ...keysOf(below), ...entry } : entry;
  if (!wholeLists) return [merged];
  return (object as unknown[]).map((each, index) =>
    index === step ? (isPlain(entry) ? { ...(each as Plain), ...entry } : entry) : each,
  );
}

function keysOf(entry: Plain): Plain {
  return Object.fromEntries(Object.entries(entry).filter(([name]) => keys.includes(name)));
}
