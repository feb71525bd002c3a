import type { JsonObject } from '../../schema/schema.ts';
import type { PrinterColumn } from '../kind.ts';
import { sinceText } from './age.ts';
import { at, textAt } from './read.ts';

type Cell = (object: JsonObject, now: Date) => unknown;

/** A column; shown in wide output only when `priority` is 1. */
export function column(name: string, cell: Cell, options: Partial<PrinterColumn> = {}): PrinterColumn {
  return { name, type: 'string', format: '', description: '', priority: 0, ...options, cell };
}

export const wide = (name: string, cell: Cell): PrinterColumn => column(name, cell, { priority: 1 });

export const nameColumn = column('Name', (object) => textAt(object, 'metadata.name'), {
  format: 'name',
  description: 'Name of the object, unique among its kind within a namespace.',
});

export const ageColumn = column('Age', (object, now) => sinceText(at(object, 'metadata.creationTimestamp'), now), {
  description: 'Time since the object was created.',
});

/** Kinds without columns of their own. */
export const defaultColumns: readonly PrinterColumn[] = [
  nameColumn,
  column('Created At', (object) => at(object, 'metadata.creationTimestamp') ?? null, {
    type: 'date',
    description: 'Time at which the object was created.',
  }),
];
