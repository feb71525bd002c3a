/** `flux kvs copy`. */
import { runCopying } from '../../kvs/copying.ts';

export function run(words: readonly string[]): Promise<number> {
  return runCopying(words, 'copy', 'Copy source key to destination key');
}
