/** JSON Patch (RFC 6902). */
import jsonPatchLibrary from 'fast-json-patch';
import { isObject } from '../schema/schema.ts';
import { badPatch, unfitPatch } from './patch-error.ts';

const mostOperations = 10_000;
const knownOperations = new Set(['add', 'remove', 'replace', 'move', 'copy', 'test']);

/**
 * The patched copy of the object.
 * @throws {StatusError} BadRequest when the patch is none, Invalid when an operation cannot be carried out
 */
export function jsonPatch(object: unknown, operations: unknown): unknown {
  if (!Array.isArray(operations)) {
    throw badPatch(
      `error decoding patch: json: cannot unmarshal ${goKind(operations)} into Go value of type []handlers.jsonPatchOp`,
    );
  }
  if (operations.length > mostOperations) {
    throw badPatch(`The allowed maximum operations in a JSON patch is ${mostOperations}, got ${operations.length}`);
  }
  let document = structuredClone(object);
  for (const operation of operations) document = applyOne(document, operation);
  return document;
}

function applyOne(document: unknown, operation: unknown): unknown {
  const step = operation as { op?: unknown; path?: unknown; from?: unknown; value?: unknown };
  if (typeof step !== 'object' || step === null || typeof step.op !== 'string' || !knownOperations.has(step.op)) {
    throw unfitPatch();
  }
  const { op, path } = step;
  if (typeof path !== 'string') throw unfitPatch();
  const replaced = op === 'replace' ? setMember(document, path, step.value) : undefined;
  if (replaced) return document;
  if (isUnsafe(path) || (typeof step.from === 'string' && isUnsafe(step.from))) {
    throw unfitPatch();
  }
  const value = { ...step, ...(op === 'add' && step.value === undefined ? { value: null } : {}) };
  try {
    const [result] = jsonPatchLibrary.applyPatch(document, [structuredClone(value) as never], true, true);
    return result?.newDocument ?? document;
  } catch {
    throw unfitPatch();
  }
}

/** Replacing a member of an object that is not there adds it. */
function setMember(document: unknown, path: string, value: unknown): boolean {
  const names = path
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = names.pop();
  if (last === undefined || isUnsafe(path)) return false;
  let parent = document;
  for (const name of names) {
    if (Array.isArray(parent)) parent = parent[Number(name)] as unknown;
    else if (isObject(parent) && Object.hasOwn(parent, name)) parent = parent[name];
    else return false;
  }
  if (!isObject(parent)) return false;
  parent[last] = structuredClone(value);
  return true;
}

function isUnsafe(path: string): boolean {
  return path.split('/').some((part) => part === '__proto__');
}

function goKind(value: unknown): string {
  if (value === null) return 'null';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}
