// Gives a file another text without making it anew: where it is mounted into containers, they go on seeing this one.

import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, writeFileSync, writeSync } from 'node:fs';

/**
 * Who reads it meanwhile finds the one text or the other, or for a moment the beginning of the new one before the end of
 * the old: what both begin with is always there, and the file never empty.
 * @throws Error where the disk is full
 */
export function rewriteInPlace(path: string, text: string): void {
  if (!existsSync(path)) {
    writeFileSync(path, text);
    return;
  }
  const file = openSync(path, 'r+');
  try {
    const bytes = Buffer.from(text);
    const rest = Buffer.alloc(Math.max(0, fstatSync(file).size - bytes.length), '\n');
    writeSync(file, Buffer.concat([bytes, rest]), 0, undefined, 0);
    ftruncateSync(file, bytes.length);
  } finally {
    closeSync(file);
  }
}
