/** Eventlogs of RFC 18: one JSON object a line. */
import { FormatError } from './format-error.ts';
import { parseJson, printJson } from './json.ts';

export interface EventlogEntry {
  /** Seconds since 1970. */
  timestamp: number;
  name: string;
  context?: Record<string, unknown>;
}

/** @throws FormatError for a line that is no event */
export function parseEvent(line: string): EventlogEntry {
  let entry: unknown;
  try {
    entry = parseJson(line);
  } catch {
    throw new FormatError('eventlog', line, 'is not JSON');
  }
  const { timestamp, name, context } = (entry ?? {}) as Partial<EventlogEntry>;
  if (typeof timestamp !== 'number') throw new FormatError('eventlog', line, 'timestamp must be a number');
  if (typeof name !== 'string' || name === '') throw new FormatError('eventlog', line, 'name must be a word');
  if (context !== undefined && (typeof context !== 'object' || context === null || Array.isArray(context))) {
    throw new FormatError('eventlog', line, 'context must be an object');
  }
  return entry as EventlogEntry;
}

/** The events of a whole log; an unfinished last line is an error. @throws FormatError naming the line */
export function parseEventlog(text: string): EventlogEntry[] {
  if (text === '') return [];
  if (!text.endsWith('\n')) throw new FormatError('eventlog', text, 'the last line does not end', text.length);
  return text
    .slice(0, -1)
    .split('\n')
    .map((line, index) => {
      try {
        return parseEvent(line);
      } catch (error) {
        throw FormatError.at('eventlog', `line ${index + 1}`, (error as FormatError).problem, line);
      }
    });
}

/** One line, with its newline. */
export function printEvent({ timestamp, name, context }: EventlogEntry): string {
  return `${printJson({ timestamp, name, ...(context ? { context } : {}) })}\n`;
}
