/** Flux Standard Duration, RFC 23. Durations are seconds. */
import { FormatError } from './format-error.ts';

const unitSeconds: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };

/**
 * Seconds of `30`, `1.5m`, `100ms`, `inf`.
 * @throws FormatError for signs, spaces and units other than ms, s, m, h, d
 */
export function parseDuration(text: string): number {
  if (/^inf(inity)?$/i.test(text)) return Number.POSITIVE_INFINITY;
  const match = /^(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)(ms|s|m|h|d)?$/i.exec(text);
  const unit = match?.[2] === undefined ? 1 : unitSeconds[match[2]];
  if (!match || unit === undefined) throw new FormatError('duration', text, 'use a number with unit ms, s, m, h or d');
  return Number(match[1]) * unit;
}

/**
 * The duration in its largest fitting unit, as C's %g prints it with so many significant digits.
 * @throws RangeError for negative numbers and NaN
 */
export function printDuration(seconds: number, significantDigits = 6): string {
  if (!(seconds >= 0)) throw new RangeError(`${seconds} is no duration`);
  if (seconds === Number.POSITIVE_INFINITY) return 'infinity';
  const g = (value: number) => printG(value, significantDigits);
  if (seconds !== 0 && seconds < 0.1) return `${g(seconds * 1000)}ms`;
  if (seconds < 60) return `${g(seconds)}s`;
  if (seconds < 3600) return `${g(seconds / 60)}m`;
  if (seconds < 86_400) return `${g(seconds / 3600)}h`;
  return `${g(seconds / 86_400)}d`;
}

function printG(value: number, digits: number): string {
  if (value === 0) return '0';
  const exponent = Number(value.toExponential(digits - 1).split('e')[1]);
  if (exponent >= -4 && exponent < digits) return String(Number(value.toPrecision(digits)));
  const [mantissa] = value.toExponential(digits - 1).split('e');
  const shown = Math.abs(exponent).toString().padStart(2, '0');
  return `${Number(mantissa)}e${exponent < 0 ? '-' : '+'}${shown}`;
}
