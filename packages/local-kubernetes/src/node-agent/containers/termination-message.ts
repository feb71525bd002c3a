// What a container leaves as its last words (terminationMessagePath, terminationMessagePolicy).

import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Container } from '../pod-types.ts';
import { readLogLines } from '../processes/container-log.ts';

/** Bytes. */
const longestMessage = 4096;
/** Of the log, where nothing else was left. */
const mostLines = 80;
/** Bytes. */
const longestTail = 2048;

/** @param path of the file of the message, undefined where none was made; @param logPath of the run that ended */
export function terminationMessage(
  container: Container,
  exitCode: number,
  path: string | undefined,
  logPath: string,
): { message?: string } {
  const text = path && existsSync(path) ? lastBytes(path, longestMessage).toString() : '';
  if (text !== '') return { message: text };
  if (container.terminationMessagePolicy !== 'FallbackToLogsOnError' || exitCode === 0) return {};
  const lines = readLogLines(logPath).slice(-mostLines);
  const texts = lines.map((line) => {
    const [, , tag = '', ...words] = line.split(' ');
    return `${words.join(' ')}${tag === 'F' ? '\n' : ''}`;
  });
  const tail = Buffer.from(texts.join(''), 'latin1').subarray(-longestTail).toString();
  return tail === '' ? {} : { message: tail };
}

/** However large a program made it. */
function lastBytes(path: string, most: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const bytes = Buffer.alloc(Math.min(size, most));
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, size - bytes.length));
  } finally {
    closeSync(file);
  }
}
