/**
 * Errors about a field, in the words and forms of apimachinery's field.Error: they become the message of a Status and
 * its causes.
 */
import { goNumber } from './go-number.ts';

export type FieldErrorType =
  | 'Required'
  | 'Invalid'
  | 'Forbidden'
  | 'NotSupported'
  | 'Duplicate'
  | 'NotFound'
  | 'TooLong'
  | 'TooMany'
  | 'TypeInvalid'
  | 'Internal';

export interface FieldError {
  readonly type: FieldErrorType;
  /** The path, such as `spec.containers[0].name`. Empty when the whole object is meant. */
  readonly field: string;
  /** The sentence after the value; may be empty. */
  readonly detail: string;
  /** Shown where the type shows values; undefined shows none. */
  readonly badValue?: unknown;
}

/** A cause of a Status. */
export interface FieldCause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

const reasons: Record<FieldErrorType, string> = {
  Required: 'FieldValueRequired',
  Invalid: 'FieldValueInvalid',
  Forbidden: 'FieldValueForbidden',
  NotSupported: 'FieldValueNotSupported',
  Duplicate: 'FieldValueDuplicate',
  NotFound: 'FieldValueNotFound',
  TooLong: 'FieldValueTooLong',
  TooMany: 'FieldValueTooMany',
  TypeInvalid: 'FieldValueTypeInvalid',
  Internal: 'InternalError',
};

const titles: Record<FieldErrorType, string> = {
  Required: 'Required value',
  Invalid: 'Invalid value',
  Forbidden: 'Forbidden',
  NotSupported: 'Unsupported value',
  Duplicate: 'Duplicate value',
  NotFound: 'Not found',
  TooLong: 'Too long',
  TooMany: 'Too many',
  TypeInvalid: 'Invalid value',
  Internal: 'Internal error',
};

const withoutValue = new Set<FieldErrorType>(['Required', 'Forbidden', 'TooLong', 'Internal']);

/** The text without the field: `Invalid value: 0: must be greater than zero`. */
export function fieldErrorBody(error: FieldError): string {
  let text = titles[error.type];
  if (error.badValue !== undefined && !withoutValue.has(error.type)) text += `: ${printValue(error.badValue)}`;
  return error.detail ? `${text}: ${error.detail}` : text;
}

/** The whole text: `spec.size: Invalid value: 0: must be greater than zero`. */
export function fieldErrorText(error: FieldError): string {
  const body = fieldErrorBody(error);
  return error.field ? `${error.field}: ${body}` : body;
}

/** The causes of a Status, in order. */
export function fieldCauses(errors: readonly FieldError[]): FieldCause[] {
  return errors.map((error) => ({
    reason: reasons[error.type],
    message: fieldErrorBody(error),
    field: error.field,
  }));
}

/** A value as Go prints it in these messages: strings quoted, scalars plain, the rest as JSON. */
function printValue(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return goQuote(value);
  if (typeof value === 'object') return goJson(value);
  return typeof value === 'number' ? goNumber(value) : String(value);
}

/** JSON as Go's encoder writes a map: members sorted, and `<`, `>`, `&` escaped. */
export function goJson(value: unknown, indent = 0): string {
  const ordered = (_key: string, member: unknown) => {
    // Objects of a class print as Go structs do: in the order of their fields.
    if (typeof member !== 'object' || member === null || Object.getPrototypeOf(member) !== Object.prototype)
      return member;
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  };
  return escapedJson(JSON.stringify(value, ordered, indent));
}

/** JSON as Go writes it: what HTML or JavaScript would take for something else is escaped. */
export function escapedJson(text: string): string {
  return text.replace(/[<>&\u2028\u2029]/g, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Go's %q: double quotes, with control characters escaped. */
export function goQuote(text: string): string {
  let quoted = '"';
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (character === '"' || character === '\\') quoted += `\\${character}`;
    else if (goEscapes[character]) quoted += goEscapes[character];
    else if (code < 0x20 || code === 0x7f) quoted += `\\x${code.toString(16).padStart(2, '0')}`;
    else quoted += character;
  }
  return `${quoted}"`;
}

const goEscapes: Record<string, string> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

export const required = (field: string, detail = ''): FieldError => ({ type: 'Required', field, detail });

export const invalid = (field: string, badValue: unknown, detail: string): FieldError => ({
  type: 'Invalid',
  field,
  detail,
  badValue,
});

export const forbidden = (field: string, detail: string): FieldError => ({ type: 'Forbidden', field, detail });

export const duplicate = (field: string, badValue: unknown): FieldError => ({
  type: 'Duplicate',
  field,
  detail: '',
  badValue,
});

export const fieldNotFound = (field: string, badValue: unknown): FieldError => ({
  type: 'NotFound',
  field,
  detail: '',
  badValue,
});

/** The valid values are listed in the given order (the real server sorts most of its lists: do so here too). */
export function notSupported(field: string, badValue: unknown, supported: Iterable<string>): FieldError {
  const values = [...supported].map(goQuote);
  const detail = values.length > 0 ? `supported values: ${values.join(', ')}` : '';
  return { type: 'NotSupported', field, detail, badValue };
}

export const tooLong = (field: string, maximumBytes: number): FieldError => ({
  type: 'TooLong',
  field,
  detail:
    maximumBytes >= 0
      ? `may not be more than ${maximumBytes} ${maximumBytes === 1 ? 'byte' : 'bytes'}`
      : 'value is too long',
});

export function tooMany(field: string, actual: number, maximum: number): FieldError {
  const items = maximum === 1 ? 'item' : 'items';
  return { type: 'TooMany', field, detail: `must have at most ${maximum} ${items}`, badValue: actual };
}

/** Several problems as one sentence, as Go's aggregated errors are shown: each once. */
export function aggregated(texts: readonly string[]): string {
  const distinct = [...new Set(texts)];
  return distinct.length === 1 ? distinct[0]! : `[${distinct.join(', ')}]`;
}
