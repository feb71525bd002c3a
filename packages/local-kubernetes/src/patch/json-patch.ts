/** JSON Patch (RFC 6902). */
import jsonPatchLibrary from 'fast-json-patch';
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
      `error decoding patch: json: cannot unmarshal ${goKind(operations)} into Go value of type jsonpatch.Patch`,
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
  if (typeof step !== 'object' || step === null || !knownOperations.has(String(step.op))) {
    throw unfitPatch(`Unexpected kind: ${String(step?.op ?? 'unknown')}`);
  }
  const { op, path } = step;
  if (typeof path !== 'string') throw unfitPatch(`${op} operation does not apply: missing path`);
  if (isUnsafe(path) || (typeof step.from === 'string' && isUnsafe(step.from))) {
    throw unfitPatch(`${op} operation does not apply: doc is missing path: "${path}"`);
  }
  const value = { ...step, ...(op === 'add' && step.value === undefined ? { value: null } : {}) };
  try {
    const [result] = jsonPatchLibrary.applyPatch(document, [structuredClone(value) as never], true, true);
    return result?.newDocument ?? document;
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (name === 'TEST_OPERATION_FAILED') throw unfitPatch(`testing value ${path} failed: test failed`);
    throw unfitPatch(`${op} operation does not apply: doc is missing path: "${path}": missing value`);
  }
}

function isUnsafe(path: string): boolean {
  return path.split('/').some((part) => part === '__proto__');
}

function goKind(value: unknown): string {
  if (value === null) return 'null';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}
