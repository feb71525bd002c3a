/** JSON into the values CEL computes with, by schema: 64-bit integers, maps, timestamps, objects of declared types. */

import { parseGoTime } from '../schema/go-time.ts';
import { ownMember } from '../schema/own-member.ts';
import { isObject, memberSchema, type Schema } from '../schema/schema.ts';
import { type CelTypes, embeddedSchema, escapeName } from './cel-types.ts';

/**
 * @param types the declared types of the environment the value will be used in
 * @param isRoot the value is a whole object, whose apiVersion, kind and name a rule may read
 */
export function celValue(value: unknown, schema: Schema | undefined, types: CelTypes, isRoot = false): unknown {
  if (value === null || value === undefined) return null;
  if (!schema) return untyped(value);
  const shape = embeddedSchema(schema, isRoot);
  if (Array.isArray(value)) return value.map((item) => celValue(item, shape.items, types));
  if (isObject(value)) return celObject(value, shape, types);
  if (typeof value === 'string') return celText(value, shape);
  if (typeof value === 'number') {
    const isInteger = shape.type === 'integer' || (shape.type === undefined && Number.isInteger(value));
    return isInteger && Number.isInteger(value) ? BigInt(value) : value;
  }
  return value;
}

function celObject(value: Record<string, unknown>, schema: Schema, types: CelTypes): unknown {
  if (schema.properties || typeof schema.additionalProperties !== 'object') {
    const members: Record<string, unknown> = {};
    for (const [name, member] of Object.entries(value)) {
      if (member === null && !ownMember(schema.properties, name)?.nullable) continue;
      const escaped = escapeName(name);
      const inner = memberSchema(schema, name);
      if (escaped !== undefined && inner) members[escaped] = celValue(member, inner, types);
    }
    return types.construct(schema, members);
  }
  const inner = schema.additionalProperties;
  return new Map(Object.entries(value).map(([name, member]) => [name, celValue(member, inner, types)]));
}

function celText(value: string, schema: Schema): unknown {
  if (schema['x-kubernetes-int-or-string']) return value;
  switch (schema.format) {
    case 'date-time':
    case 'datetime': {
      const time = parseGoTime(value);
      return typeof time === 'string' ? value : new Date(time.ms + time.micros / 1000);
    }
    case 'date': {
      const time = parseGoTime(`${value}T00:00:00Z`);
      return typeof time === 'string' ? value : new Date(time.ms);
    }
    case 'duration':
      return durationOf(value);
    case 'byte':
      return new Uint8Array(Buffer.from(value, 'base64'));
    default:
      return value;
  }
}

/** Made by the CEL library itself, so that it knows its own. */
let makeDuration: ((text: string) => unknown) | undefined;

export function useDurations(make: (text: string) => unknown): void {
  makeDuration = make;
}

function durationOf(text: string): unknown {
  try {
    return makeDuration?.(text) ?? text;
  } catch {
    return text;
  }
}

function untyped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(untyped);
  if (isObject(value)) return new Map(Object.entries(value).map(([name, member]) => [name, untyped(member)]));
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value;
}
