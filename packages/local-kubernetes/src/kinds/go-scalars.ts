/** How Go reads and writes the scalars of the Kubernetes API. */
import { parseGoTime, printGoMicroTime, printGoTime } from '../schema/go-time.ts';
import { inThousandths, parseQuantity, printQuantity, readQuantity } from '../schema/quantity.ts';
import type { FieldType, TypeForm } from './notation.ts';

/** What is wrong with a scalar: a value of another type, or the sentence of a custom unmarshaler. */
export type ScalarProblem =
  | { readonly value: string; readonly goType: string; readonly isFinal: boolean }
  | { readonly sentence: string; readonly isFinal: boolean };

const microLayout = '2006-01-02T15:04:05.000000Z07:00';
const int32Limit = 2 ** 31;

export function goScalarProblem(raw: unknown, type: FieldType): ScalarProblem | undefined {
  switch (type.form) {
    case 'string':
      return typeof raw === 'string' ? undefined : mismatch(raw, type.goName);
    case 'bool':
      return typeof raw === 'boolean' ? undefined : mismatch(raw, type.goName);
    case 'int32':
    case 'int64':
      return integerProblem(raw, type);
    case 'float64':
      return typeof raw === 'number' || typeof raw === 'bigint' ? undefined : mismatch(raw, type.goName);
    case 'bytes':
      return bytesProblem(raw, type);
    case 'quantity':
      return quantityProblem(raw);
    case 'intorstring':
      if (typeof raw === 'string' || isInt32(raw)) return undefined;
      return { value: numberOrName(raw), goType: 'int32', isFinal: true };
    case 'time':
      return timeProblem(raw, '2006-01-02T15:04:05Z07:00');
    case 'microtime':
      return timeProblem(raw, microLayout);
    default:
      return undefined;
  }
}

export function goNormalScalar(raw: unknown, form: TypeForm): unknown {
  switch (form) {
    case 'bytes':
      return isByteList(raw) ? Buffer.from(raw.map(Number)).toString('base64') : raw;
    case 'quantity': {
      const quantity = readQuantity(String(raw).trim());
      return typeof quantity === 'string' ? raw : printQuantity(quantity);
    }
    case 'time': {
      const time = parseGoTime(String(raw));
      return typeof time === 'string' ? raw : printGoTime(time);
    }
    case 'microtime': {
      const time = parseGoTime(String(raw), microLayout);
      return typeof time === 'string' ? raw : printGoMicroTime(time);
    }
    default:
      return raw;
  }
}

/** An amount in a list of resources, whose defaults round it up to thousandths. */
export function goAmount(quantity: string): string {
  return printQuantity(inThousandths(parseQuantity(quantity)));
}

/** The JSON kind of a value, as Go names it. */
export function goValueName(raw: unknown): string {
  if (Array.isArray(raw)) return 'array';
  switch (typeof raw) {
    case 'boolean':
      return 'bool';
    case 'number':
    case 'bigint':
      return 'number';
    case 'string':
      return 'string';
    default:
      return 'object';
  }
}

function mismatch(raw: unknown, goType: string): ScalarProblem {
  return { value: goValueName(raw), goType, isFinal: false };
}

function numberOrName(raw: unknown): string {
  return typeof raw === 'number' || typeof raw === 'bigint' ? `number ${raw}` : goValueName(raw);
}

function isInt32(raw: unknown): boolean {
  return typeof raw === 'number' && Number.isInteger(raw) && raw >= -int32Limit && raw < int32Limit;
}

function integerProblem(raw: unknown, type: FieldType): ScalarProblem | undefined {
  if (type.form === 'int32' ? isInt32(raw) : isInt64(raw)) return undefined;
  return { value: numberOrName(raw), goType: type.goName, isFinal: false };
}

function isInt64(raw: unknown): boolean {
  if (typeof raw === 'bigint') return raw >= -(2n ** 63n) && raw < 2n ** 63n;
  return typeof raw === 'number' && Number.isInteger(raw) && Math.abs(raw) < 2 ** 63;
}

/** Bytes may be given as a list of numbers too. */
export function isByteList(raw: unknown): raw is (number | null)[] {
  const isByte = (each: unknown) =>
    each === null || (Number.isInteger(each) && Number(each) >= 0 && Number(each) < 256);
  return Array.isArray(raw) && raw.every(isByte);
}

function bytesProblem(raw: unknown, type: FieldType): ScalarProblem | undefined {
  if (isByteList(raw)) return undefined;
  if (Array.isArray(raw)) {
    const odd = raw.find((each) => !isByteList([each]));
    return { value: numberOrName(odd), goType: 'uint8', isFinal: false };
  }
  if (typeof raw !== 'string') return mismatch(raw, type.goName);
  const at = firstBadBase64(raw);
  return at === undefined ? undefined : { sentence: `illegal base64 data at input byte ${at}`, isFinal: false };
}

/** Index of the byte at which standard base64 (newlines allowed) breaks, as Go counts it. */
function firstBadBase64(text: string): number | undefined {
  let inQuantum = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text[index]!;
    if (character === '\n' || character === '\r') continue;
    if (character === '=') {
      const rest = text.slice(index).replace(/[\r\n]/g, '');
      if (inQuantum < 2) return index;
      if (inQuantum === 2 && rest[1] !== '=') return rest.length === 1 ? text.length : index + 1;
      const padding = inQuantum === 2 ? 2 : 1;
      return rest.length > padding ? index + padding : undefined;
    }
    if (!/[A-Za-z0-9+/]/.test(character)) return index;
    inQuantum = (inQuantum + 1) % 4;
  }
  return inQuantum === 0 ? undefined : text.length - inQuantum;
}

function quantityProblem(raw: unknown): ScalarProblem | undefined {
  // It reads the JSON itself, between the quotes.
  const text = typeof raw === 'string' ? JSON.stringify(raw).slice(1, -1) : JSON.stringify(raw);
  const quantity = readQuantity(text.trim());
  return typeof quantity === 'string' ? { sentence: quantity, isFinal: true } : undefined;
}

function timeProblem(raw: unknown, layout: string): ScalarProblem | undefined {
  if (typeof raw !== 'string') return { value: goValueName(raw), goType: 'string', isFinal: true };
  const time = parseGoTime(raw, layout);
  return typeof time === 'string' ? { sentence: time, isFinal: true } : undefined;
}
