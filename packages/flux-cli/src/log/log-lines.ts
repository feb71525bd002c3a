/** The broker's log as `flux dmesg` shows it: each line with its time, or the time since a line before. */

/** Names of severities, the gravest first: 0 to 7. */
export const severities = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'] as const;

export interface LogLook {
  readonly colors: boolean;
  /** The time of each minute once, then seconds since. */
  readonly human: boolean;
  /** With `human`: seconds since the line before, not since the minute's first. */
  readonly delta: boolean;
}

const reset = '\u001b[0m';
const colors = { name: '\u001b[33m', time: '\u001b[32m', minute: '\u001b[1m\u001b[32m' };
const reversedRed = '\u001b[7m\u001b[31m';
const severityColors: Readonly<Record<number, string>> = {
  0: reversedRed,
  1: reversedRed,
  2: '\u001b[1m\u001b[31m',
  3: '\u001b[31m',
  4: '\u001b[1m',
  7: '\u001b[34m',
};
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const two = (value: number): string => String(value).padStart(2, '0');

interface Stamp {
  readonly date: Date;
  readonly microseconds: string;
}

export class LogLines {
  readonly #look: LogLook;
  /** What human times count from. */
  #since: { readonly minute: number; readonly seconds: number } | undefined;

  constructor(look: LogLook) {
    this.#look = look;
  }

  /** A line as it is shown; `text` is one of RFC 5424's layout, anything else is shown as it is. */
  show(text: string): string {
    const match = /^<(\d{1,3})>1 (\S+) (\S+) (\S+) \S+ \S+ (?:-|\[.*?\])(?: ([\s\S]*))?$/.exec(text);
    if (!match) return `${text}\n`;
    const [, priority, timestamp, host, application, message = ''] = match as unknown as [
      string,
      string,
      string,
      string,
      string,
      string?,
    ];
    const severity = Number(priority) >> 3;
    const rank = Number.parseInt(host, 10) || 0;
    const name = this.#colored(colors.name, `${application}.${severities[severity] ?? 'unknown'}[${rank}]`);
    const end = this.#look.colors ? reset : '';
    const color = this.#look.colors ? (severityColors[severity] ?? '') : '';
    return `${this.#time(timestamp)} ${name}: ${color}${message.replace(/[\r\n]+$/, '')}${end}\n`;
  }

  #time(timestamp: string): string {
    const stamp = parseStamp(timestamp);
    if (!this.#look.human) return this.#colored(colors.time, stamp ? isoTime(stamp, timestamp) : timestamp);
    if (!stamp) return this.#colored(colors.time, `[${timestamp}]`);
    const { date } = stamp;
    const minute = Math.floor(date.getTime() / 60_000);
    const seconds = Math.floor(date.getTime() / 1000) + Number(stamp.microseconds) / 1e6;
    if (this.#since?.minute !== minute) {
      this.#since = { minute, seconds };
      const day = `${months[date.getMonth()]}${two(date.getDate())}`;
      return this.#colored(colors.minute, `[${day} ${two(date.getHours())}:${two(date.getMinutes())}]`);
    }
    const passed = seconds - this.#since.seconds;
    if (this.#look.delta) this.#since = { minute, seconds };
    return this.#colored(colors.time, `[${`${passed < 0 ? '' : '+'}${passed.toFixed(6)}`.padStart(11)}]`);
  }

  #colored(color: string, text: string): string {
    return this.#look.colors ? `${color}${text}${reset}` : text;
  }
}

/** Undefined for what is no time in UTC. */
function parseStamp(timestamp: string): Stamp | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?Z$/.exec(timestamp);
  const date = match ? new Date(`${match[1]}Z`) : undefined;
  if (!date || Number.isNaN(date.getTime())) return undefined;
  return { date, microseconds: (match![2] ?? '').padEnd(6, '0').slice(0, 6) };
}

/** The local time with its offset; in UTC the text as it came. */
function isoTime({ date, microseconds }: Stamp, timestamp: string): string {
  const offset = -date.getTimezoneOffset();
  if (offset === 0) return timestamp;
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  const away = Math.abs(offset);
  return `${day}T${time}.${microseconds}${offset < 0 ? '-' : '+'}${two(Math.floor(away / 60))}:${two(away % 60)}`;
}
