// Times of day and year at which an entry of cron runs, as `cron` writes them: sets of seconds, minutes, hours, days of
// the month, months, weekdays and years, in local time.
import { FluxError } from '@ebb/flux-client';
import { Idset } from '@ebb/flux-formats';

// In the order in which flux-core lists them; months from 0, years from 1900.
const units = {
  second: [0, 60],
  minute: [0, 59],
  hour: [0, 23],
  mday: [1, 31],
  month: [0, 11],
  year: [0, 1100],
  weekday: [0, 6],
} as const;
type Unit = keyof typeof units;

const names: Partial<Record<Unit, readonly string[]>> = {
  weekday: ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'],
  month: 'january february march april may june july august september october november december'.split(' '),
};
/** No date that exists is rarer: the 29th of February on a given weekday, over a century without leap year. */
const farthestDays = 366 * 40;

export class DatePattern {
  readonly #sets: ReadonlyMap<Unit, Idset>;

  /** `fields`: by unit a number or a text such as `*`, `1-5`, `mon,wed`, `0-59/15`. @throws FluxError EINVAL */
  constructor(fields: Record<string, unknown>) {
    const all = Object.keys(units) as Unit[];
    this.#sets = new Map(all.map((unit) => [unit, parseField(unit, fields[unit] ?? '*')]));
  }

  /** Milliseconds since 1970 of the first such time after `nowMs`; undefined when there is none. */
  next(nowMs: number): number | undefined {
    const day = new Date(nowMs);
    const years = [...this.#set('year')];
    const last = 1900 + (years.at(-1) ?? 0);
    const first = 1900 + (years[0] ?? 0);
    if (day.getFullYear() < first) day.setTime(new Date(first, 0, 1).getTime());
    for (let count = 0; count < farthestDays && day.getFullYear() <= last; count++) {
      const found = this.#hasDay(day) ? this.#timeOn(day, nowMs) : undefined;
      if (found !== undefined) return found;
      day.setHours(24, 0, 0, 0);
    }
    return undefined;
  }

  toJSON(): Record<Unit, string> {
    return Object.fromEntries([...this.#sets].map(([unit, set]) => [unit, set.toString()])) as Record<Unit, string>;
  }

  #hasDay(day: Date): boolean {
    return (
      this.#set('mday').has(day.getDate()) &&
      this.#set('month').has(day.getMonth()) &&
      this.#set('weekday').has(day.getDay()) &&
      this.#set('year').has(day.getFullYear() - 1900)
    );
  }

  #timeOn(day: Date, nowMs: number): number | undefined {
    for (const hour of this.#set('hour')) {
      for (const minute of this.#set('minute')) {
        // A whole minute that is over is passed at once.
        if (timeOf(day, hour, minute, 59) <= nowMs) continue;
        for (const second of this.#set('second')) {
          const time = timeOf(day, hour, minute, second);
          if (time > nowMs) return time;
        }
      }
    }
    return undefined;
  }

  #set(unit: Unit): Idset {
    return this.#sets.get(unit)!;
  }
}

function timeOf(day: Date, hour: number, minute: number, second: number): number {
  return new Date(day.getFullYear(), day.getMonth(), day.getDate(), hour, minute, second).getTime();
}

function parseField(unit: Unit, value: unknown): Idset {
  const [least, most] = units[unit];
  const fail = () => new FluxError('EINVAL', `${unit}: ${JSON.stringify(value)} must be of ${least} to ${most}`);
  if (typeof value === 'number') {
    if (!Number.isInteger(value) || value < least || value > most) throw fail();
    return Idset.of([value]);
  }
  if (typeof value !== 'string') throw fail();
  const numberOf = (text: string): number => {
    const named = /^[a-z]+$/i.test(text) ? names[unit]?.findIndex((name) => name.startsWith(text.toLowerCase())) : -1;
    const number = named !== undefined && named >= 0 ? named : /^\d+$/.test(text) ? Number(text) : -1;
    if (number < least || number > most) throw fail();
    return number;
  };
  const found: number[] = [];
  for (const part of value.split(',')) {
    const [range, stride = '1'] = part.split('/') as [string, string?];
    const step = Number(stride);
    if (!Number.isInteger(step) || step < 1) throw fail();
    const [from, to = from] = range === '*' ? [`${least}`, `${most}`] : (range.split('-') as [string, string?]);
    for (let each = numberOf(from); each <= numberOf(to); each += step) found.push(each);
  }
  return Idset.of(found);
}
