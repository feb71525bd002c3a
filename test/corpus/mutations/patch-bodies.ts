import type { Random } from '../../soak/random.ts';
import { applyPatch, jsonPatch, mergePatch, strategicPatch } from '../corpus-request.ts';
import { fragment } from './fragment.ts';
import { mutated } from './mutated-object.ts';
import { gone, isPlain, pickPlace, placeText, pointerTo, valueAt } from './place.ts';
import type { SeedBody } from './seeds/seed-object.ts';

export interface PatchBody {
  readonly how: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** More of the query. */
  readonly query?: string;
}

type PatchMaker = (object: SeedBody, random: Random) => PatchBody;

const merge: PatchMaker = (object, random) => {
  const { place, value, how } = mutated(object, 1, random);
  return { how: `merge: ${how}`, headers: mergePatch, body: fragment(object, place, orNull(value), true) };
};

const strategic: PatchMaker = (object, random) => {
  const { place, value, how } = mutated(object, 1, random);
  const body = fragment(object, place, orNull(value), random.between(1, 4) === 1);
  return { how: `strategic: ${how}`, headers: strategicPatch, body };
};

/** A patch with a word of strategic merge patches at some place. */
const directive: PatchMaker = (object, random) => {
  const place = pickPlace(object, random);
  const before = valueAt(object, place);
  const name = String(place.at(-1));
  const entry = Array.isArray(before) && isPlain(before[0]) ? before[0] : {};
  const [how, value, parent] = random.pick<[string, unknown, Record<string, unknown>?]>([
    ['$patch delete', { $patch: 'delete', ...(isPlain(before) ? before : {}) }],
    ['$patch replace', { $patch: 'replace' }],
    ['$patch merge', { $patch: 'merge', ...(isPlain(before) ? before : {}) }],
    ['$patch odd', { $patch: 'odd' }],
    ['a list of $patch replace', [{ $patch: 'replace' }, entry]],
    ['a list of $patch delete', [{ ...entry, $patch: 'delete' }]],
    [
      '$retainKeys',
      { $retainKeys: isPlain(before) ? Object.keys(before).slice(0, 1) : ['a'], ...(isPlain(before) ? before : {}) },
    ],
    [
      '$deleteFromPrimitiveList',
      gone,
      { [`$deleteFromPrimitiveList/${name}`]: Array.isArray(before) ? before.slice(0, 1) : [before] },
    ],
    [
      '$setElementOrder',
      before,
      { [`$setElementOrder/${name}`]: Array.isArray(before) ? [...before].reverse() : [before] },
    ],
  ]);
  const own = value === gone ? {} : { [name]: value };
  const whole = parent === undefined || typeof place.at(-1) === 'number';
  const body = whole
    ? fragment(object, place, value === gone ? null : value, false)
    : fragment(object, place.slice(0, -1), { ...own, ...parent }, false);
  return { how: `strategic: ${placeText(place)} ${how}`, headers: strategicPatch, body };
};

const operations: PatchMaker = (object, random) => {
  const list = Array.from({ length: random.between(1, 3) }, () => operation(object, random));
  const how = list.map(({ op, path }) => `${op} ${path}`).join(', ');
  return { how: `json: ${how}`, headers: jsonPatch, body: list };
};

function operation(object: SeedBody, random: Random): Record<string, unknown> {
  const { place, value } = mutated(object, 1, random);
  const path = random.weighted([
    [12, pointerTo(place)],
    [1, `${pointerTo(place)}/-`],
    [1, `${pointerTo(place)}/odd`],
    [1, `${pointerTo(place)}/0`],
    [1, `${pointerTo(place.slice(0, -1))}/7`],
    [1, pointerTo(place).slice(1)],
    [1, `${pointerTo(place)}~2`],
    [1, ''],
  ]);
  const written = orNull(value);
  const from = pointerTo(pickPlace(object, random));
  return random.weighted([
    [4, { op: 'add', path, value: written }],
    [4, { op: 'replace', path, value: written }],
    [4, { op: 'remove', path }],
    [2, { op: 'test', path, value: valueAt(object, place) }],
    [1, { op: 'test', path, value: written }],
    [1, { op: 'copy', from, path }],
    [1, { op: 'move', from, path }],
    [1, { op: random.pick(['odd', '', 'Add']), path, value: written }],
    [1, { op: 'add', path }],
    [1, { op: 'copy', path }],
  ]);
}

/** One of a few managers applies what has the mutated value, or all of it. */
const applied: PatchMaker = (object, random) => {
  const { object: whole, place, value, how } = mutated(object, 1, random);
  const { apiVersion, kind } = object;
  const { name } = object.metadata;
  const part = fragment(object, place, orNull(value), false) as Record<string, unknown>;
  const metadata = isPlain(part['metadata']) ? part['metadata'] : {};
  const asks = random.weighted([
    [4, { apiVersion, kind, ...part, metadata: { name, ...metadata } }],
    [2, whole],
    [1, { apiVersion, kind, metadata: { name } }],
    [1, object],
  ]);
  const manager = random.weighted([
    [4, 'fieldManager=alice'],
    [4, 'fieldManager=bob'],
    [1, ''],
  ]);
  const force = random.weighted([
    [3, ''],
    [2, '&force=true'],
    [1, '&force=false'],
  ]);
  const body = typeof asks === 'object' ? JSON.stringify(asks) : asks;
  return { how: `apply: ${how}`, headers: applyPatch, body, query: `${manager}${force}` };
};

/** What is no patch of its type. */
const broken: PatchMaker = (object, random) => {
  const headers = random.pick([mergePatch, strategicPatch, jsonPatch, applyPatch]);
  const body = random.pick<unknown>([
    [],
    {},
    [[]],
    [{}],
    'null',
    '"text"',
    '7',
    '{',
    '',
    { metadata: null },
    { kind: 'Odd' },
    { apiVersion: 'odd/v1' },
    { metadata: { name: 'other' } },
    { spec: 7 },
    [{ op: 'remove' }],
    object,
  ]);
  const query = headers === applyPatch ? 'fieldManager=alice' : '';
  return { how: `broken ${Object.values(headers)[0]}: ${JSON.stringify(body).slice(0, 40)}`, headers, body, query };
};

const makers: readonly (readonly [number, PatchMaker])[] = [
  [4, merge],
  [4, strategic],
  [2, directive],
  [4, operations],
  [6, applied],
  [1, broken],
];

export function patchBody(object: SeedBody, random: Random): PatchBody {
  return random.weighted(makers)(object, random);
}

function orNull(value: unknown): unknown {
  return value === gone ? null : value;
}
