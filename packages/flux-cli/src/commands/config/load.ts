/** `flux config load`: replaces the configuration by that of a file or of standard input. */
import { text } from 'node:stream/consumers';
import { parse as parseToml, TomlError } from 'smol-toml';
import { CommandError } from '../../command-module.ts';
import type { JsonObject } from '../../config/json-path.ts';
import { loadConfig } from '../../config/live-config.ts';
import { readConfigAt } from '../../config/read-config.ts';
import { type COptions, type CSyntax, parseCOptions } from '../../options/c-options.ts';
import { withBroker } from '../../with-broker.ts';

const syntax: CSyntax = {
  program: 'flux config load',
  usage: '[PATH]',
  description: 'Load broker configuration from stdin or PATH',
  options: [],
};

export async function run(words: readonly string[]): Promise<number> {
  const options: COptions = parseCOptions(syntax, words);
  const [path, ...more] = options.words;
  if (more.length > 0) options.failWithUsage();
  const config =
    path === undefined ? parsed(await text(process.stdin)) : await readConfigAt(path, 'Error parsing config: ');
  await withBroker((flux) => loadConfig(flux, config, 'load'));
  return 0;
}

/** JSON or TOML. @throws CommandError when it is neither */
function parsed(content: string): JsonObject {
  try {
    return JSON.parse(content) as JsonObject;
  } catch {
    // TOML, then.
  }
  try {
    return parseToml(content) as JsonObject;
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw new CommandError(`TOML parse error: line ${error.line}: ${error.message.split('\n')[0]}`);
  }
}
