/** The order of hosts that flux-core sorts by (libhostlist): the part before the last digits, then the number. */

interface Host {
  readonly prefix: Buffer;
  /** The last digits; undefined: there are none. */
  readonly digits: string | undefined;
}

/** Below, at or above zero, as for `Array.sort`. */
export function compareHosts(left: string, right: string): number {
  const [a, b] = [split(left), split(right)];
  const byPrefix = Buffer.compare(a.prefix, b.prefix);
  if (byPrefix !== 0) return byPrefix;
  if (a.digits === undefined || b.digits === undefined) {
    return Number(a.digits !== undefined) - Number(b.digits !== undefined);
  }
  if (!canShareBrackets(a.digits, b.digits)) return a.digits.length - b.digits.length;
  const [m, n] = [BigInt(a.digits), BigInt(b.digits)];
  if (m === n) return 0;
  return m < n ? -1 : 1;
}

/** Numbers written with zeros in front go together only with those that would be written as wide. */
function canShareBrackets(a: string, b: string): boolean {
  const padded = (digits: string, width: number) => String(BigInt(digits)).padStart(width, '0');
  return a.length === b.length || padded(a, b.length) === a || padded(b, a.length) === b;
}

function split(host: string): Host {
  const digits = /\d+$/.exec(host)?.[0];
  const prefix = digits === undefined ? host : host.slice(0, -digits.length);
  return { prefix: Buffer.from(prefix), digits };
}
