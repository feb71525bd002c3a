/** How wide the screen is, and names side by side on it, as `flux kvs ls` and `dir` print them. */
import type { COption, COptions } from '../options/c-options.ts';

export const widthOption: COption = {
  name: 'width',
  key: 'w',
  takes: 'value',
  help: 'Set output width to COLS.  0 means no limit',
};

const usual = 80;

/** Columns that may be used; 0: any number. */
export function widthOf(options: COptions): number {
  const given = options.integer('width');
  if (given !== undefined && given >= 0) return given;
  if (process.stdout.isTTY) return process.stdout.columns;
  const byEnvironment = Number.parseInt(process.env['COLUMNS'] ?? '', 10);
  if (byEnvironment >= 0) return byEnvironment;
  return process.env['COLUMNS'] === undefined ? usual : 0;
}

/** Names in columns as wide as the longest, where more than one fits. `marks` are written behind their names. */
export function inColumns(names: readonly string[], width: number, marks: readonly string[] = []): string {
  const column = Math.max(0, ...names.map((name) => Buffer.byteLength(name))) + 4;
  let text = '';
  let at = 0;
  let last = 0;
  for (const [index, name] of names.entries()) {
    if (width !== 0 && at + column > width && at > 0) {
      text += '\n';
      at = 0;
    } else if (last > 0) text += ' '.repeat(Math.max(0, column - last));
    const shown = name + (marks[index] ?? '');
    text += shown;
    last = Buffer.byteLength(shown);
    at += column;
  }
  return at > 0 ? `${text}\n` : text;
}

/** A key and its value on one line of at most `width` columns; up to the first line end. */
export function keyLine(key: string, value: string, width: number): string {
  const line = `${key} = ${value}`;
  if (width <= 3) return `${line}\n`;
  const bytes = Buffer.from(line);
  const isCut = bytes.length > width - 3;
  const cut = isCut ? bytes.subarray(0, width - 3).toString('utf8') : line;
  const end = cut.indexOf('\n');
  if (end < 0) return `${cut}${isCut ? '...' : ''}\n`;
  const isAll = !isCut && end === cut.length - 1;
  return `${cut.slice(0, end)}${isAll ? '' : '...'}\n`;
}
