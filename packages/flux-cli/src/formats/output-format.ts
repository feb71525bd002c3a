/**
 * Flux's output formats: Python's format strings, with Flux's prefixes and conversions. `{name}`, `{name:>12.12+}`,
 * `{time!F:>8h}`; before a field `?:` leaves a column out that is empty in all rows, `+:` widens it to its longest
 * value, `?+:` does both.
 */
import { CommandError } from '../command-module.ts';
import { pythonDuration } from './python-duration.ts';
import { realFields } from './python-json.ts';
import { strftime } from './strftime.ts';

export type Row = (field: string) => unknown;

interface Field {
  readonly name: string;
  readonly conversion: string;
  readonly spec: Spec;
  readonly leftOutWhenEmpty: boolean;
  readonly widened: boolean;
}

interface Spec {
  readonly fill: string;
  readonly align: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly type: string;
  /** `+` at the end: what is cut ends in a plus sign. */
  readonly marksCut: boolean;
  /** `h` at the end: `-` instead of nothing or 0. */
  readonly dashWhenEmpty: boolean;
  readonly dateFormat: string | undefined;
}

type Part = string | Field;

export interface OutputFormat {
  readonly fields: readonly string[];
  header(headings: Readonly<Record<string, string>>): string;
  row(row: Row): string;
  /** The same format without some fields, and without the text before each. */
  without(names: readonly string[]): OutputFormat;
  /** The same format with columns left out or widened for these rows. */
  fitted(rows: readonly Row[], headings: Readonly<Record<string, string>>, header?: boolean): OutputFormat;
}

/** @throws CommandError when braces do not match or a format specification is unknown */
export function outputFormat(text: string): OutputFormat {
  return formatOf(parseParts(text));
}

function formatOf(parts: readonly Part[]): OutputFormat {
  const fields = parts.filter((part) => typeof part !== 'string');
  return {
    fields: fields.map(({ name }) => name),
    header: (headings) =>
      parts
        .map((part) =>
          typeof part === 'string' ? part : pad(headings[part.name] ?? part.name.toUpperCase(), headerSpec(part.spec)),
        )
        .join(''),
    row: (row) => parts.map((part) => (typeof part === 'string' ? part : printField(part, row(part.name)))).join(''),
    without: (names) => formatOf(leaveOut(parts, names)),
    fitted: (rows, headings, header = true) => formatOf(fit(parts, rows, headings, header)),
  };
}

function leaveOut(parts: readonly Part[], names: readonly string[]): Part[] {
  const left: Part[] = [];
  for (const part of parts) {
    if (typeof part === 'string' || !names.includes(part.name)) left.push(part);
    else if (typeof left.at(-1) === 'string') left.pop();
  }
  return left;
}

function fit(
  parts: readonly Part[],
  rows: readonly Row[],
  headings: Readonly<Record<string, string>>,
  header: boolean,
): Part[] {
  const fitted: Part[] = [];
  for (const part of parts) {
    if (typeof part === 'string') {
      fitted.push(part);
      continue;
    }
    const values = rows.map((row) => row(part.name));
    if (part.leftOutWhenEmpty && values.every(isEmpty)) {
      // The text before a column goes with it.
      if (typeof fitted.at(-1) === 'string') fitted.pop();
      continue;
    }
    if (!part.widened) {
      fitted.push(part);
      continue;
    }
    const free = { ...part, spec: { ...part.spec, width: 0, precision: undefined } };
    const heading = header ? (headings[part.name] ?? part.name.toUpperCase()) : '';
    const longest = Math.max(
      part.spec.width,
      heading.length,
      ...values.map((value) => displayWidth(printField(free, value))),
    );
    const precision = part.spec.precision === undefined || part.spec.type === 'f' ? part.spec.precision : longest;
    fitted.push({ ...part, spec: { ...part.spec, width: longest, precision } });
  }
  return fitted;
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || value === 0 || value === false;
}

function parseParts(text: string): Part[] {
  const parts: Part[] = [];
  let literal = '';
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if ((character === '{' || character === '}') && text[i + 1] === character) {
      literal += character;
      i++;
    } else if (character === '{') {
      const close = text.indexOf('}', i);
      if (close < 0) throw new CommandError("expected '}' before end of string");
      // A plus sign after the prefix is text.
      const [found = '', prefix = '', plus = ''] = /(\?\+:|\+\?:|\?:|\+:)(\+?)$/.exec(literal) ?? [];
      literal = literal.slice(0, literal.length - found.length) + plus;
      if (literal !== '') parts.push(literal);
      literal = '';
      parts.push(parseField(text.slice(i + 1, close), prefix));
      i = close;
    } else if (character === '}') throw new CommandError(`Invalid format: ${text}: a brace is not opened`);
    else literal += character;
  }
  if (literal !== '') parts.push(literal);
  return parts;
}

function parseField(text: string, prefix: string): Field {
  const match = /^([\w.@]+)(?:!([a-zA-Z]))?(?::(.*))?$/s.exec(text);
  if (!match) throw new CommandError(`Invalid format: {${text}}`);
  return {
    name: match[1]!,
    conversion: match[2] ?? '',
    spec: parseSpec(match[3] ?? '', match[2] ?? ''),
    leftOutWhenEmpty: prefix.includes('?'),
    widened: prefix.includes('+'),
  };
}

function parseSpec(text: string, conversion: string): Spec {
  let spec = text;
  let dateFormat: string | undefined;
  if (conversion === 'd') {
    const separator = spec.indexOf('::');
    dateFormat = separator < 0 ? spec : spec.slice(0, separator);
    spec = separator < 0 ? '' : spec.slice(separator + 2);
  }
  const match = /^(?:(.)?([<>=^]))?(0)?(\d+)?(?:\.(\d+))?([a-gi-zA-Z%])?([+h]*)$/s.exec(spec);
  if (!match) throw new CommandError(`Invalid format specification: ${text}`);
  return {
    fill: match[1] ?? (match[3] ? '0' : ' '),
    align: match[2] ?? '',
    width: Number(match[4] ?? 0),
    precision: match[5] === undefined ? undefined : Number(match[5]),
    type: match[6] ?? 's',
    marksCut: match[7]!.includes('+'),
    dashWhenEmpty: match[7]!.includes('h'),
    dateFormat,
  };
}

function headerSpec(spec: Spec): Spec {
  return { ...spec, type: 's', marksCut: false, dashWhenEmpty: false, precision: undefined };
}

function printField({ name, conversion, spec }: Field, value: unknown): string {
  const converted = convert(conversion, spec, value);
  if (spec.dashWhenEmpty && (isEmpty(converted) || converted === '0' || converted === '0s' || converted === '0.0')) {
    return pad('-', { ...spec, precision: undefined });
  }
  if (typeof converted === 'number' && (spec.type === 'f' || spec.type === 'F')) {
    return pad(converted.toFixed(spec.precision ?? 6), { ...spec, precision: undefined }, true);
  }
  const isReal = typeof converted === 'number' && Number.isInteger(converted) && realFields.has(name);
  return pad(isReal ? `${converted}.0` : pythonText(converted), spec, typeof converted === 'number');
}

function convert(conversion: string, spec: Spec, value: unknown): unknown {
  if (isEmpty(value) && conversion !== '' && value !== 0) return '';
  switch (conversion) {
    case 'F':
      return pythonDuration(Number(value));
    case 'd':
      return value === 0 ? '' : strftime(spec.dateFormat || '%b%d %R', new Date(Number(value) * 1000));
    case 'D':
      return value === 0 ? '' : strftime('%Y-%m-%dT%H:%M:%S', new Date(Number(value) * 1000));
    case 'H': {
      const seconds = Math.floor(Number(value));
      const two = (number: number) => String(number).padStart(2, '0');
      return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    }
    case 'P':
      return typeof value === 'number' ? `${Number((value * 100).toPrecision(3))}%` : '';
    case 'r':
      return JSON.stringify(value);
    default:
      return value;
  }
}

function pythonText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (value === true) return 'True';
  if (value === false) return 'False';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function pad(text: string, spec: Spec, isNumber = false): string {
  let shown = text;
  if (spec.precision !== undefined && !isNumber && displayWidth(shown) > spec.precision) {
    const characters = [...shown];
    shown = spec.marksCut
      ? `${characters.slice(0, Math.max(0, spec.precision - 1)).join('')}+`
      : characters.slice(0, spec.precision).join('');
  }
  const missing = spec.width - displayWidth(shown);
  if (missing <= 0) return shown;
  const align = spec.align || (isNumber ? '>' : '<');
  if (align === '>' || align === '=') return spec.fill.repeat(missing) + shown;
  if (align === '^')
    return spec.fill.repeat(Math.floor(missing / 2)) + shown + spec.fill.repeat(Math.ceil(missing / 2));
  return shown + spec.fill.repeat(missing);
}

function displayWidth(text: string): number {
  return [...text].length;
}
