/** Printer columns of custom resources. */
import { sinceText } from '../kinds/columns/age.ts';
import { ageColumn, column, nameColumn } from '../kinds/columns/column.ts';
import { listAt, numberAt, textAt } from '../kinds/columns/read.ts';
import type { PrinterColumn } from '../kinds/kind.ts';
import type { JsonObject } from '../schema/schema.ts';
import { type JsonPath, parseJsonPath } from './json-path.ts';

/** The columns a version declares, after the name; age where it declares none. */
export function customColumns(version: JsonObject): readonly PrinterColumn[] {
  const declared = listAt(version, 'additionalPrinterColumns');
  if (declared.length === 0) return [nameColumn, { ...ageColumn, type: 'date' }];
  return [nameColumn, ...declared.map(customColumn)];
}

function customColumn(declared: JsonObject): PrinterColumn {
  const type = textAt(declared, 'type');
  const path = tryPath(textAt(declared, 'jsonPath'));
  return column(textAt(declared, 'name'), (object, now) => cellOf(path?.(object) ?? [], type, now), {
    type,
    format: textAt(declared, 'format'),
    description:
      textAt(declared, 'description') ||
      `Custom resource definition column (in JSONPath format): ${textAt(declared, 'jsonPath')}`,
    priority: numberAt(declared, 'priority'),
  });
}

function tryPath(text: string): JsonPath | undefined {
  try {
    return parseJsonPath(text);
  } catch {
    return undefined;
  }
}

/** Of several values the first; one that does not fit the column's type leaves the cell empty. */
function cellOf(values: readonly unknown[], type: string, now: Date): unknown {
  const [value] = values;
  if (value === undefined || value === null) return null;
  switch (type) {
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null;
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'date':
      return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? sinceText(value, now) : '<invalid>';
    default:
      return typeof value === 'string' ? value : JSON.stringify(value);
  }
}
