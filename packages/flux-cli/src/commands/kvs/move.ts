/** `flux kvs move`. */
import { runCopying } from '../../kvs/copying.ts';

export function run(words: readonly string[]): Promise<number> {
  return runCopying(words, 'move', 'Move source key to destination key');
}
