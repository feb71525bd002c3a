/** How the reader of a hint calls this command: what it says to type has to work when typed. */
import { basename, dirname } from 'node:path';

/**
 * `kubectl ebb` as a plugin, `npx ebb` where npm found it in a clone's `node_modules/.bin`, else `ebb`.
 * @param program path of the program that was started, `process.argv[1]`
 */
export function commandName(program = process.argv[1] ?? '', environment: NodeJS.ProcessEnv = process.env): string {
  if (basename(program).startsWith('kubectl-')) return 'kubectl ebb';
  const isLocal = basename(dirname(program)) === '.bin' && environment['npm_execpath'] !== undefined;
  return isLocal ? 'npx ebb' : 'ebb';
}
