/** Types that `flux config get` may expect of a value, and `flux config set` may give it. */
import { FormatError, parseDuration } from '@ebb/flux-formats';
import { CommandError } from '../command-module.ts';

export const valueTypes = [
  'object',
  'array',
  'string',
  'integer',
  'real',
  'boolean',
  'any',
  'fsd',
  'fsd-integer',
  'fsd-real',
] as const;

export type ValueType = (typeof valueTypes)[number];

/** @throws CommandError when there is no such type */
export function valueTypeOf(text: string): ValueType {
  const type = valueTypes.find((name) => name === text.toLowerCase());
  if (!type) throw new CommandError(`Unknown type: ${text}`);
  return type;
}

/** What JSON calls the value. */
export function typeOfValue(value: unknown): ValueType {
  if (typeof value === 'number' && !Number.isInteger(value)) return 'real';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'string' || typeof value === 'boolean') return typeof value as 'string' | 'boolean';
  return typeof value === 'object' && value !== null ? 'object' : 'integer';
}

/** A duration in seconds; undefined when it is none. */
export function secondsOf(text: string): number | undefined {
  try {
    return parseDuration(text);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** A value of the command line as one of a type. @throws CommandError when it is none */
export function valueFrom(text: string, type: ValueType): unknown {
  switch (type) {
    case 'boolean':
      return !/^([0fF]|$)/.test(text);
    case 'real':
      return numberFrom(text, 'Error parsing real value');
    case 'integer':
      if (!/^[+-]?(0x[\da-f]+|\d+)$/i.test(text.trim())) throw new CommandError('Error parsing integer value');
      return Number(text);
    case 'object':
    case 'array': {
      const value = tryJson(text);
      if (value === undefined || typeOfValue(value) !== type) throw new CommandError(`Error parsing json ${type}`);
      return value;
    }
    case 'fsd':
      if (secondsOf(text) === undefined) throw new CommandError('Error parsing Flux Standard Duration');
      return text;
    default:
      return stringFrom(text);
  }
}

function stringFrom(text: string): string {
  const value = text.startsWith('"') ? tryJson(text) : text;
  if (typeof value !== 'string') throw new CommandError('Error parsing string');
  return value;
}

function numberFrom(text: string, problem: string): number {
  const number = Number(text);
  if (text.trim() === '' || Number.isNaN(number)) throw new CommandError(problem);
  return number;
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
