/**
 * JSON Patch (RFC 6902), as lenient as the API server's own: `replace` adds a member that is not there, indexes below zero
 * count from the end, and what stands before the first stroke of a path means nothing.
 */
import { deepEqual } from '../schema/equality.ts';
import { ownMember, setOwn } from '../schema/own-member.ts';
import { isObject, type JsonObject } from '../schema/schema.ts';
import { badPatch, unfitPatch } from './patch-error.ts';

const mostOperations = 10_000;

interface Operation {
  readonly op?: unknown;
  readonly path?: unknown;
  readonly from?: unknown;
  readonly value?: unknown;
}

type Container = JsonObject | unknown[];

/** Where an operation is carried out: a member of a container. */
interface Spot {
  readonly container: Container;
  readonly key: string;
}

/**
 * The patched copy of the object.
 * @param isStrict whether members of operations must be texts before anything is carried out
 * @param before called with what is there before each operation
 * @throws {StatusError} BadRequest when the patch is none, Invalid when an operation cannot be carried out
 */
export function jsonPatch(
  object: unknown,
  operations: unknown,
  isStrict = true,
  before?: (document: { root: unknown }, operation: Operation) => void,
): unknown {
  if (operations === null) return structuredClone(object);
  if (!Array.isArray(operations)) {
    throw badPatch(isStrict ? undecodable(operations, '[]handlers.jsonPatchOp') : unfitFor(operations, 'Patch'));
  }
  for (const operation of operations) demandOperation(operation, isStrict);
  if (operations.length > mostOperations) {
    throw badPatch(`The allowed maximum operations in a JSON patch is ${mostOperations}, got ${operations.length}`);
  }
  const document = { root: structuredClone(object) };
  for (const operation of operations as (Operation | null)[]) {
    before?.(document, operation ?? {});
    carryOut(document, operation ?? {});
  }
  return document.root;
}

function undecodable(value: unknown, goType: string, member = ''): string {
  const where = member ? `Go struct field jsonPatchOp.${member}` : 'Go value';
  return `error decoding patch: json: cannot unmarshal ${goKind(value)} into ${where} of type ${goType}`;
}

/** What the reader behind says, which takes an operation for a map of anything. */
function unfitFor(value: unknown, goType: string): string {
  return `json: cannot unmarshal ${goKind(value)} into Go value of type jsonpatch.${goType}`;
}

function demandOperation(operation: unknown, isStrict: boolean): void {
  if (operation === null) return;
  if (!isObject(operation)) {
    throw badPatch(isStrict ? undecodable(operation, 'handlers.jsonPatchOp') : unfitFor(operation, 'Operation'));
  }
  if (!isStrict) return;
  for (const [name, value] of Object.entries(operation)) {
    if (!['op', 'path', 'from'].includes(name) || value === null || typeof value === 'string') continue;
    throw badPatch(undecodable(value, 'string', name));
  }
}

function carryOut(document: { root: unknown }, { op, path, from, value }: Operation): void {
  if (op === 'add') add(spotOf(document, path), copyOf(value));
  else if (op === 'remove') remove(spotOf(document, path));
  else if (op === 'replace' && path === '') replaceRoot(document, value);
  else if (op === 'replace') replace(spotOf(document, path), copyOf(value));
  else if (op === 'move') {
    const spot = spotOf(document, from);
    const moved = get(spot);
    remove(spot);
    add(spotOf(document, path), moved);
  } else if (op === 'copy') {
    const copied = get(spotOf(document, from));
    add(spotOf(document, path), copyOf(copied));
  } else if (op !== 'test' || !deepEqual(tested(document, path), value ?? null)) throw unfitPatch();
}

function tested(document: { root: unknown }, path: unknown): unknown {
  return path === '' ? document.root : (get(spotOf(document, path)) ?? null);
}

function copyOf(value: unknown): unknown {
  return structuredClone(value ?? null);
}

function replaceRoot(document: { root: unknown }, value: unknown): void {
  if (typeof value !== 'object' || value === null) throw unfitPatch();
  document.root = copyOf(value);
}

/** @throws {StatusError} Invalid for a path that leads nowhere */
function spotOf(document: { root: unknown }, path: unknown): Spot {
  const steps = typeof path === 'string' ? stepsOf(path) : [];
  const key = steps.pop();
  if (key === undefined) throw unfitPatch();
  let container = document.root;
  for (const step of steps) {
    if (!isContainer(container)) throw unfitPatch();
    container = get({ container, key: step });
  }
  if (!isContainer(container)) throw unfitPatch();
  return { container, key };
}

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null;
}

/** Names and indexes of a JSON pointer (RFC 6901). */
export function stepsOf(path: string): string[] {
  const [, ...steps] = path.split('/');
  return steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** A member that is not there is undefined; an entry of a list must be. */
function get({ container, key }: Spot): unknown {
  if (!Array.isArray(container)) return ownMember(container, key);
  return container[indexIn(key, container.length)];
}

function add({ container, key }: Spot, value: unknown): void {
  if (!Array.isArray(container)) setOwn(container, key, value);
  else if (key === '-') container.push(value);
  else container.splice(indexIn(key, container.length + 1), 0, value);
}

function replace({ container, key }: Spot, value: unknown): void {
  if (!Array.isArray(container)) setOwn(container, key, value);
  else container[indexIn(key, container.length)] = value;
}

function remove({ container, key }: Spot): void {
  if (Array.isArray(container)) container.splice(indexIn(key, container.length), 1);
  else if (Object.hasOwn(container, key)) delete container[key];
  else throw unfitPatch();
}

/** @throws {StatusError} Invalid for no number, or one past the list */
function indexIn(key: string, length: number): number {
  const index = /^[+-]?\d+$/.test(key) ? Number(key) : Number.NaN;
  const counted = index < 0 ? index + length : index;
  if (!(counted >= 0 && counted < length)) throw unfitPatch();
  return counted;
}

function goKind(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}
