/** Points in time as people write them: `+1h`, `-30m`, `now`, `3pm`, `14:30`, `tomorrow 9am`, ISO 8601, `in 5 minutes`. */
import { FormatError, parseDuration } from '@ebb/flux-formats';
import { CommandError } from '../command-module.ts';

const unitSeconds: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
};

/** @throws CommandError when the text is no time */
export function parseDatetime(text: string, now: Date): Date {
  const trimmed = text.trim();
  if (trimmed === 'now') return now;
  if (trimmed.startsWith('+') || trimmed.startsWith('-')) {
    try {
      return new Date(now.getTime() + (trimmed.startsWith('+') ? 1 : -1) * parseDuration(trimmed.slice(1)) * 1000);
    } catch (error) {
      if (error instanceof FormatError) throw new CommandError('invalid Flux standard duration');
      throw error;
    }
  }
  const found = relative(trimmed.toLowerCase(), now) ?? onDay(trimmed.toLowerCase(), now) ?? absolute(trimmed);
  if (!found) throw new CommandError(`Invalid datetime: "${text}"`);
  return found;
}

// `in 5 minutes`, `2 hours ago`, `1 day`.
function relative(text: string, now: Date): Date | undefined {
  const match =
    /^(?:in )?(\d+(?:\.\d+)?) ?(s|m|h|d|w)(?:ec(?:ond)?s?|in(?:ute)?s?|(?:ou)?rs?|ays?|eeks?)?( ago)?$/.exec(text);
  if (!match) return undefined;
  return new Date(now.getTime() + (match[3] ? -1 : 1) * Number(match[1]) * unitSeconds[match[2]!]! * 1000);
}

// A time of day, a day's name or both; a day alone is its midnight, and seconds are cut.
function onDay(text: string, now: Date): Date | undefined {
  const match =
    /^(?:(today|tomorrow|yesterday)\b ?)?(?:at )?(?:(noon|midnight)|(\d{1,2})(?::(\d{2}))?(?::(\d{2}))? ?(am|pm)?)?$/.exec(
      text,
    );
  if (!match || text === '') return undefined;
  const [, day, name, hours, minutes, seconds, half] = match;
  // A number alone is no time.
  if (hours !== undefined && minutes === undefined && half === undefined) return undefined;
  const shift = { today: 0, tomorrow: 1, yesterday: -1 }[day ?? 'today'] ?? 0;
  const date = new Date(now.getFullYear(), now.getMonth(), now.getDate() + shift);
  if (name) date.setHours(name === 'noon' ? 12 : 0);
  else if (hours !== undefined) {
    const hour = half ? (Number(hours) % 12) + (half === 'pm' ? 12 : 0) : Number(hours);
    if (hour > 23 || Number(minutes ?? 0) > 59 || Number(seconds ?? 0) > 59) return undefined;
    date.setHours(hour, Number(minutes ?? 0), Number(seconds ?? 0));
  }
  return date;
}

function absolute(text: string): Date | undefined {
  // A date alone is local midnight, not that of UTC.
  const date = new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00` : text);
  // A number alone would be a month.
  return /\d/.test(text) && /\D/.test(text) && !Number.isNaN(date.getTime()) ? date : undefined;
}
