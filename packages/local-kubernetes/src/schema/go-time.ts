/** Times as Go's time package reads RFC 3339 and as metav1.Time and metav1.MicroTime write them. */

const layoutParts: readonly [pattern: RegExp, layout: string][] = [
  [/^\d{4}/, '2006'],
  [/^-/, '-'],
  [/^\d{2}/, '01'],
  [/^-/, '-'],
  [/^\d{2}/, '02'],
  [/^T/, 'T'],
  [/^\d{2}/, '15'],
  [/^:/, ':'],
  [/^\d{2}/, '04'],
  [/^:/, ':'],
  [/^\d{2}/, '05'],
  [/^(Z|[+-]\d{2}:\d{2})/, 'Z07:00'],
];

export interface GoTime {
  /** Milliseconds since the epoch, whole seconds. */
  readonly ms: number;
  /** Microseconds within the second. */
  readonly micros: number;
}

/**
 * @param layout as shown in the error
 * @returns the time, or Go's sentence of what is wrong
 */
export function parseGoTime(text: string, layout = '2006-01-02T15:04:05Z07:00'): GoTime | string {
  let rest = text;
  let micros = 0;
  const found: string[] = [];
  for (const [pattern, part] of layoutParts) {
    if (part === 'Z07:00') {
      const fraction = /^[.,](\d+)/.exec(rest);
      if (fraction) {
        micros = Number(`${fraction[1]}000000`.slice(0, 6));
        rest = rest.slice(fraction[0].length);
      } else if (layout.includes('.000000')) {
        // Months and hours are looked at as they are read, days of a month only at the end.
        const [year, , month, , , , hour, , minute, , second] = found.map(Number);
        const outOfRange = rangeProblem(year!, month!, 1, hour!, minute!, second!);
        if (outOfRange) return `parsing time ${goQuoted(text)}: ${outOfRange} out of range`;
        return `parsing time ${goQuoted(text)} as ${goQuoted(layout)}: cannot parse ${goQuoted(rest)} as ".000000"`;
      }
    }
    const match = pattern.exec(rest);
    if (!match) {
      return `parsing time ${goQuoted(text)} as ${goQuoted(layout)}: cannot parse ${goQuoted(rest)} as ${goQuoted(part)}`;
    }
    found.push(match[0]);
    rest = rest.slice(match[0].length);
  }
  if (rest) return `parsing time ${goQuoted(text)}: extra text: ${goQuoted(rest)}`;
  const [year, , month, , day, , hour, , minute, , second] = found.map(Number);
  const outOfRange = rangeProblem(year!, month!, day!, hour!, minute!, second!);
  if (outOfRange) return `parsing time ${goQuoted(text)}: ${outOfRange} out of range`;
  const at = new Date(0);
  at.setUTCFullYear(year!, month! - 1, day);
  at.setUTCHours(hour!, minute, second);
  return { ms: at.getTime() - zoneMs(found[11]!), micros };
}

function rangeProblem(year: number, month: number, day: number, hour: number, minute: number, second: number): string {
  if (month < 1 || month > 12) return 'month';
  if (hour > 23) return 'hour';
  if (minute > 59) return 'minute';
  if (second > 59) return 'second';
  const days = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  return day < 1 || day > days ? 'day' : '';
}

function zoneMs(zone: string): number {
  if (zone === 'Z') return 0;
  const [hours, minutes] = zone.slice(1).split(':').map(Number);
  return (zone[0] === '-' ? -1 : 1) * (hours! * 60 + minutes!) * 60_000;
}

/** `2026-11-23T18:00:00Z` */
export function printGoTime({ ms }: GoTime): string {
  return `${new Date(ms).toISOString().slice(0, -5)}Z`;
}

/** `2026-11-23T18:00:00.123456Z` */
export function printGoMicroTime({ ms, micros }: GoTime): string {
  return `${new Date(ms).toISOString().slice(0, -5)}.${String(micros).padStart(6, '0')}Z`;
}

/** As Go's time package quotes a text: byte by byte where it is not plain. */
function goQuoted(text: string): string {
  const plain = text.replace(/["\\]/g, '\\$&');
  return `"${plain.replace(/[^\x20-\x7f]/gu, (each) => Buffer.from(each).toString('hex').replace(/../g, '\\x$&'))}"`;
}
