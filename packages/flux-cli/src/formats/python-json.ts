/** JSON as Python's json.dumps writes it: a space after colons and commas, ASCII only, times with their point. */
/** Fields that are real numbers: Python shows them with a point. */
export const realFields = new Set([
  'starttime',
  'expiration',
  'duration',
  't_submit',
  't_depend',
  't_priority',
  't_sched',
  't_run',
  't_cleanup',
  't_inactive',
  't_remaining',
  'runtime',
  'contextual_time',
]);

export function pythonJson(value: unknown, field = ''): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return Number.isInteger(value) && realFields.has(field) ? `${value}.0` : String(value);
  if (typeof value === 'string') return ascii(JSON.stringify(value));
  if (typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `[${value.map((item) => pythonJson(item)).join(', ')}]`;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return `{${entries.map(([key, item]) => `${ascii(JSON.stringify(key))}: ${pythonJson(item, key)}`).join(', ')}}`;
}

function ascii(text: string): string {
  return text.replaceAll(
    /[\u0080-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
