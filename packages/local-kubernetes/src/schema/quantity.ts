/**
 * Kubernetes quantities (apimachinery's resource.Quantity): a decimal number with a binary, decimal or exponent
 * suffix, exact. Values finer than 1n are rounded up, as there.
 */

type QuantityFormat = 'decimal' | 'binary' | 'exponent';

export interface Quantity {
  /** The value in billionths (nano). */
  readonly nanos: bigint;
  readonly format: QuantityFormat;
  /** As it was written, where it is shown so. */
  readonly text?: string;
}

const formatWrong = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const suffixWrong = "unable to parse quantity's suffix";
const billion = 1_000_000_000n;
const million = 1_000_000n;
const largest = (2n ** 63n - 1n) * billion;

const decimalPowers: Record<string, number> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const binaryPowers: Record<string, bigint> = { Ki: 10n, Mi: 20n, Gi: 30n, Ti: 40n, Pi: 50n, Ei: 60n };

/** Exponents beyond this are refused: no quantity anybody means is as long, and an exact one would fill the memory. */
const largestExponent = 100;

/** @returns the quantity, or the sentence with which Kubernetes refuses the text */
export function readQuantity(text: string): Quantity | string {
  const match = /^([+-]?)([0-9]*)(?:\.([0-9]*))?([^0-9.].*)?$/s.exec(text);
  if (!match || text.length > 256) return formatWrong;
  const [, sign, whole = '', fraction = '', suffix = ''] = match;
  // Nothing before a suffix, or a sign alone, is nothing; no text is no quantity.
  if (text === '') return formatWrong;
  if (!/^[eEinumkKMGTP]*[-+]?[0-9]*$/.test(suffix)) return formatWrong;
  let format: QuantityFormat = 'decimal';
  let scale = billion;
  let divisor = 1n;
  const exponent = /^[eE]([-+]?[0-9]+)$/.exec(suffix);
  if (exponent) {
    const power = Number(exponent[1]);
    if (Math.abs(power) > largestExponent) return suffixWrong;
    format = 'exponent';
    if (power >= 0) scale *= 10n ** BigInt(power);
    else divisor = 10n ** BigInt(-power);
  } else if (binaryPowers[suffix] !== undefined) {
    format = 'binary';
    scale *= 2n ** binaryPowers[suffix];
  } else if (Object.hasOwn(decimalPowers, suffix)) {
    const power = decimalPowers[suffix]!;
    if (power >= 0) scale *= 10n ** BigInt(power);
    else divisor = 10n ** BigInt(-power);
  } else return suffixWrong;
  const digits = BigInt(`${whole}${fraction}` || '0') * scale;
  const whole2 = divisor * 10n ** BigInt(fraction.length);
  // Away from zero, so that a positive request never becomes none.
  const magnitude = digits / whole2 + (digits % whole2 > 0n ? 1n : 0n);
  // Only binary numbers have a largest one.
  const capped = format === 'binary' && magnitude > largest ? largest : magnitude;
  const nanos = sign === '-' ? -capped : capped;
  return isShownAsWritten(whole, fraction, suffix, format) ? { nanos, format, text } : { nanos, format };
}

const mostDigits = 18;
const mostBinaryDigits = 14;

/**
 * Kubernetes keeps a text that looks canonical, and is not too long to be sure by a look: `1500m`, but `5.`, `+1` and
 * `1.500` too.
 */
function isShownAsWritten(whole: string, fraction: string, suffix: string, format: QuantityFormat): boolean {
  const number = whole.replace(/^0+/, '') || '0';
  if (format === 'binary') {
    const power = binaryPowers[suffix]!;
    const value = BigInt(number);
    const isShort = fraction === '' && number.length + Math.trunc((Number(power) * 3) / 10) <= mostBinaryDigits;
    return isShort && value << power < 2n ** 63n && value % 8n !== 0n;
  }
  const digits = `${number}${fraction}`;
  const power = (format === 'exponent' ? Number(suffix.slice(1)) : decimalPowers[suffix]!) - fraction.length;
  if (digits.length > mostDigits || power < -9 || power % 3 !== 0) return false;
  return !digits.endsWith('000') && !digits.startsWith('0');
}

/** Amounts of resources are kept in thousandths, rounded up. */
export function inThousandths(quantity: Quantity): Quantity {
  const nanos = quantityToThousandths(quantity) * million;
  return nanos === quantity.nanos ? quantity : { nanos, format: quantity.format };
}

/** @throws RangeError with Kubernetes' own sentence when the text is no quantity */
export function parseQuantity(text: string | number): Quantity {
  const quantity = readQuantity(String(text));
  if (typeof quantity === 'string') throw new RangeError(quantity);
  return quantity;
}

/** The text it is shown by: as it was written where that looks canonical, else `1Gi`, `500m`, `2`, `1e3`. */
export function printQuantity({ nanos, format, text }: Quantity): string {
  if (text !== undefined) return text;
  if (nanos === 0n) return '0';
  if (format === 'binary') {
    // A fraction, or less than 1Ki: binary suffixes cannot say it.
    const isSmall = nanos % billion !== 0n || (nanos < 0n ? -nanos : nanos) < 1024n * billion;
    if (!isSmall) return printBinary(nanos / billion);
  }
  return printDecimal(nanos, format === 'exponent');
}

function printBinary(value: bigint): string {
  let power = 0;
  let rest = value;
  while (rest % 1024n === 0n && power < 6) {
    rest /= 1024n;
    power++;
  }
  return `${rest}${['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'][power]}`;
}

function printDecimal(nanos: bigint, asExponent: boolean): string {
  let power = -9;
  let rest = nanos;
  while (rest % 1000n === 0n && (power < 18 || asExponent)) {
    rest /= 1000n;
    power += 3;
  }
  if (asExponent) return power === 0 ? `${rest}` : `${rest}e${power}`;
  const suffix = Object.keys(decimalPowers).find((key) => decimalPowers[key] === power)!;
  return `${rest}${suffix}`;
}

export function compareQuantities(a: Quantity, b: Quantity): number {
  return a.nanos < b.nanos ? -1 : a.nanos > b.nanos ? 1 : 0;
}

/** Rounded up to a whole number, as Quantity.Value does. */
export function quantityToInteger({ nanos }: Quantity): bigint {
  const whole = nanos / billion;
  return nanos % billion > 0n ? whole + 1n : whole;
}

/** Rounded up to a whole number of thousandths, as Quantity.MilliValue does. */
export function quantityToThousandths({ nanos }: Quantity): bigint {
  const whole = nanos / million;
  return nanos % million > 0n ? whole + 1n : whole;
}

export function isWholeQuantity({ nanos }: Quantity): boolean {
  return nanos % billion === 0n;
}
