// What a container leaves as its last words (terminationMessagePath, terminationMessagePolicy).

import { existsSync, readFileSync } from 'node:fs';
import type { Container } from '../pod-types.ts';
import { readLogLines } from '../processes/container-log.ts';

const longestMessage = 4096;
/** Of the log, where nothing else was left. */
const mostLines = 80;
const longestTail = 2048;

/** @param path of the file of the message, undefined where none was made; @param logPath of the run that ended */
export function terminationMessage(
  container: Container,
  exitCode: number,
  path: string | undefined,
  logPath: string,
): { message?: string } {
  const text = path && existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (text !== '') return { message: text.slice(-longestMessage) };
  if (container.terminationMessagePolicy !== 'FallbackToLogsOnError' || exitCode === 0) return {};
  const lines = readLogLines(logPath).slice(-mostLines);
  const tail = Buffer.from(
    lines.map((line) => `${line.split(' ').slice(3).join(' ')}\n`).join(''),
    'latin1',
  ).toString();
  return { message: tail.slice(-longestTail) };
}
