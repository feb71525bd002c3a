/** Prints rows in an output format, with its header line. */
import { outputFormat, type Row } from './output-format.ts';

export interface TableOptions {
  readonly format: string;
  readonly headings: Readonly<Record<string, string>>;
  readonly header?: boolean;
}

export function printTable(rows: readonly Row[], { format, headings, header = true }: TableOptions): string {
  const fitted = outputFormat(format).fitted(rows, headings);
  const lines = rows.map((row) => fitted.row(row));
  if (header) lines.unshift(fitted.header(headings));
  return lines.map((line) => `${line}\n`).join('');
}
