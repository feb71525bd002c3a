/** A line of progress: text, a bar drawn in eighths of a character, text. */

const eighths = ' ▏▎▍▌▋▊▉█';

export interface Progress {
  readonly before: string;
  readonly after: string;
  /** From 0 to 1. */
  readonly fraction: number;
}

/** As wide as the terminal has columns. */
export function progressLine({ before, after, fraction }: Progress, columns: number): string {
  const length = Math.max(0, columns - before.length - after.length - 2);
  const done = Math.min(fraction, 1);
  const whole = Math.trunc(length * done);
  // Of the nine steps of a character those that the next one has.
  const part = Math.trunc(length * eighths.length * done) - whole * eighths.length;
  const partly = part === 0 ? '' : eighths[Math.min(part, eighths.length - 1)]!;
  const filled = '█'.repeat(whole) + partly;
  return `${before}│${filled}${' '.repeat(Math.max(0, length - filled.length))}│${after}`;
}

/** `100.0%` right in its column, then the time since the start, or how many jobs a second were done. */
export function progressEnd(fraction: number, elapsedSeconds: number, jobsPerSecond: number | undefined): string {
  const percent = `${(fraction * 100).toFixed(1).padStart(5)}%`;
  if (jobsPerSecond === undefined) return `${percent} ${printElapsed(elapsedSeconds)}`;
  return `${percent} ${jobsPerSecond.toFixed(1).padStart(4)} job/s`;
}

/** `0:01:05`, `1 day, 0:00:00`. */
export function printElapsed(seconds: number): string {
  const whole = Math.round(seconds);
  const days = Math.floor(whole / 86_400);
  const two = (value: number) => String(value).padStart(2, '0');
  const time = `${Math.floor(whole / 3600) % 24}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return days === 0 ? time : `${days} day${days === 1 ? '' : 's'}, ${time}`;
}
