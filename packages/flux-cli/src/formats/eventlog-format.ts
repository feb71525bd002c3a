/** Prints entries of eventlogs as `flux job eventlog` and `flux job wait-event` do: text or JSON, with times in four ways. */
import { type EventlogEntry, parseEvent, printJson } from '@ebb/flux-formats';
import { CommandError } from '../command-module.ts';
import { strftime } from './strftime.ts';

export interface EventlogFormatOptions {
  /** Default: text. */
  readonly format?: string | undefined;
  /** Default: raw, seconds since 1970. */
  readonly timeFormat?: string | undefined;
  readonly color?: boolean;
  /** As commands that flux-core has in Python: offsets in a column, a date once a minute has passed since the last. */
  readonly ofPython?: boolean;
}

const colors = {
  time: '\x1b[32m',
  timebreak: '\x1b[1m\x1b[32m',
  name: '\x1b[33m',
  exception: '\x1b[1m\x1b[31m',
  key: '\x1b[34m',
  value: '\x1b[35m',
  number: '\x1b[37m',
} as const;

const reset = '\x1b[0m';

export class EventlogFormat {
  readonly #isJson: boolean;
  readonly #time: string;
  readonly #color: boolean;
  readonly #ofPython: boolean;
  #start: number | undefined;
  #minute = '';
  #minuteStart = 0;

  /** @throws CommandError for a format that there is not */
  constructor({ format = 'text', timeFormat = 'raw', color = false, ofPython = false }: EventlogFormatOptions) {
    if (!['text', 'json'].includes(format.toLowerCase())) throw new CommandError(`invalid format type '${format}'`);
    const time = timeFormat.toLowerCase() === 'reltime' ? 'human' : timeFormat.toLowerCase();
    if (!['raw', 'human', 'iso', 'offset'].includes(time)) {
      throw new CommandError(`invalid time-format type '${timeFormat}'`);
    }
    this.#isJson = format.toLowerCase() === 'json';
    this.#time = time;
    this.#color = color;
    this.#ofPython = ofPython;
  }

  /** Takes the time of an entry that is not printed into account. */
  passOver(entry: EventlogEntry): void {
    this.#start ??= entry.timestamp;
  }

  /** One line of an eventlog as it is to be shown, with its line end. */
  print(line: string): string {
    const entry = parseEvent(line);
    this.passOver(entry);
    // As it stands in the log: numbers are not printed anew.
    if (this.#isJson) return `${line.trimEnd()}\n`;
    const name = this.#paint(entry.name === 'exception' ? 'exception' : 'name', entry.name);
    const context = Object.entries(entry.context ?? {}).map(([key, value]) => {
      const isNumber = typeof value === 'number' || typeof value === 'bigint';
      return ` ${this.#paint('key', key)}=${this.#paint(isNumber ? 'number' : 'value', printJson(value))}`;
    });
    return `${this.#timestamp(entry.timestamp)} ${name}${context.join('')}\n`;
  }

  #timestamp(seconds: number): string {
    switch (this.#time) {
      case 'human':
        return this.#human(seconds);
      case 'iso':
        return this.#paint('time', isoTime(seconds));
      case 'offset':
        return this.#paint('time', (seconds - this.#start!).toFixed(6).padStart(this.#ofPython ? 15 : 0));
      default:
        return this.#paint('time', seconds.toFixed(6));
    }
  }

  // The date where a new minute begins, and the seconds since it after.
  #human(seconds: number): string {
    const minute = strftime('%Y %b%d %H:%M', new Date(seconds * 1000));
    const isSame = this.#ofPython ? seconds - this.#minuteStart < 60 : minute === this.#minute;
    if (isSame && this.#minute !== '') {
      const offset = (seconds - this.#minuteStart).toFixed(6);
      return this.#paint('time', `[${`+${offset}`.padStart(11)}]`);
    }
    this.#minute = minute;
    this.#minuteStart = seconds;
    return this.#paint('timebreak', `[${minute.slice(5)}]`);
  }

  #paint(color: keyof typeof colors, text: string): string {
    return this.#color ? `${colors[color]}${text}${reset}` : text;
  }
}

function isoTime(seconds: number): string {
  const time = new Date(seconds * 1000);
  const offset = -time.getTimezoneOffset();
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const size = Math.abs(offset);
  const zone = offset === 0 ? 'Z' : `${offset < 0 ? '-' : '+'}${two(size / 60)}:${two(size % 60)}`;
  const micro = String(Math.floor((seconds - Math.floor(seconds)) * 1e6)).padStart(6, '0');
  return `${strftime('%Y-%m-%dT%H:%M:%S', time)}.${micro}${zone}`;
}
