/** The upstream operator, where somebody has built it. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Its program `manager` on PATH; undefined where there is none. */
export const upstreamManager = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'manager'))
  .find((path) => existsSync(path));

/** The repository that it was built from; undefined where EBB_UPSTREAM_CHECKOUT names none. */
export const upstreamCheckout = process.env['EBB_UPSTREAM_CHECKOUT'];
