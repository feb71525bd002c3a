// Log lines as they travel between programs and brokers: RFC 5424 layout, with the severity in the high bits of PRI
// (reference 4.4).

export interface LogLine {
  severity: number;
  /** As in the line: ISO 8601 with microseconds, UTC. */
  timestamp: string;
  rank: string;
  app: string;
  message: string;
}

const severities = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'] as const;

export function severityName(severity: number): string {
  return severities[severity] ?? 'debug';
}

/** `2026-11-23T17:00:35.559371Z` for milliseconds since the epoch. */
export function logTimestamp(nowMs: number): string {
  const wholeMs = Math.floor(nowMs);
  const micros = Math.floor((nowMs - wholeMs) * 1000);
  return `${new Date(wholeMs).toISOString().slice(0, -1)}${String(micros).padStart(3, '0')}Z`;
}

export function printLogLine(line: LogLine): string {
  return `<${line.severity << 3}>1 ${line.timestamp} ${line.rank} ${line.app} - - - ${line.message}`;
}

/** Undefined for text that is no such line. */
export function parseLogLine(text: string): LogLine | undefined {
  const match = /^<([0-9]{1,3})>1 (\S+) (\S+) (\S+) \S+ \S+ (?:-|\[.*?\])(?: ([\s\S]*))?$/.exec(text);
  if (!match) return undefined;
  const [, priority, timestamp, rank, app, message] = match;
  const trimmed = (message ?? '').replace(/\0$/, '').replace(/[\r\n]+$/, '');
  return { severity: Number(priority) >> 3, timestamp: timestamp!, rank: rank!, app: app!, message: trimmed };
}

/** The form on standard error and in log files: `broker.info[0]: text`. */
export function showLogLine(line: LogLine): string {
  return `${line.app}.${severityName(line.severity)}[${line.rank}]: ${line.message}`;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** With the local time in front, as on a terminal and in a log file: `Nov 23 17:00:35.559371 UTC 2026 broker.err[0]:`. */
export function showStampedLine(line: LogLine): string {
  const date = new Date(line.timestamp);
  if (Number.isNaN(date.getTime())) return `${line.timestamp} ${showLogLine(line)}`;
  const zoneName = zoneOf(date);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${months[date.getMonth()]} ${two(date.getDate())}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  const fraction = /\.([0-9]+)/.exec(line.timestamp)?.[1] ?? '000000';
  return `${day} ${time}.${fraction} ${zoneName} ${date.getFullYear()} ${showLogLine(line)}`;
}

/** UTC, or the offset as `+02`. The zone's own abbreviation would load the locale data, which takes a tenth of a second. */
function zoneOf(date: Date): string {
  const minutes = -date.getTimezoneOffset();
  if (minutes === 0) return 'UTC';
  const hours = String(Math.floor(Math.abs(minutes) / 60)).padStart(2, '0');
  const rest = Math.abs(minutes) % 60;
  return `${minutes < 0 ? '-' : '+'}${hours}${rest === 0 ? '' : String(rest).padStart(2, '0')}`;
}
