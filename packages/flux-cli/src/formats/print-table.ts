/** Prints rows in an output format, with its header line. */
import { type OutputFormat, outputFormat, type Row } from './output-format.ts';

export interface TableOptions {
  readonly format: string;
  readonly headings: Readonly<Record<string, string>>;
  readonly header?: boolean;
}

export function printTable(rows: readonly Row[], { format, headings, header = true }: TableOptions): string {
  return printRows(rows, outputFormat(format), { headings, header });
}

export function printRows(
  rows: readonly Row[],
  format: OutputFormat,
  { headings, header = true }: Omit<TableOptions, 'format'>,
): string {
  const fitted = format.fitted(rows, headings);
  // Lines of nothing are left out.
  const lines = rows.map((row) => fitted.row(row)).filter((line) => line.trim() !== '');
  if (header) lines.unshift(fitted.header(headings));
  return lines.map((line) => `${line}\n`).join('');
}
