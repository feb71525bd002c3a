/** Columns as kubectl prints them: upper-case headings, cells padded to the widest, three spaces between. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  return [headings, ...rows]
    .map((row) =>
      row.map((cell, column) => (column === headings.length - 1 ? cell : cell.padEnd(widths[column]! + 3))).join(''),
    )
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

/** An age as kubectl prints it: `12s`, `3m4s`, `5h`, `2d`. */
export function age(fromIso: string | undefined, now = Date.now()): string {
  if (!fromIso) return '<unknown>';
  const seconds = Math.max(0, Math.floor((now - Date.parse(fromIso)) / 1000));
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m${seconds % 60}s`;
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return minutes % 60 === 0 ? `${hours}h` : `${hours}h${minutes % 60}m`;
  if (hours < 48) return `${hours}h`;
  return `${Math.floor(hours / 24)}d`;
}
