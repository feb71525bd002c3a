/** `--conf` of batch and alloc: the configuration of the instance that is to start, put together from several sources. */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { extname, join } from 'node:path';
import { parseJson, setDotted } from '@ebb/flux-formats';
import { parse as parseToml } from 'smol-toml';
import { CommandError } from '../command-module.ts';
import { fileError } from './submission.ts';

type Config = Record<string, unknown>;

/**
 * Each text is JSON or TOML in several lines, `key=value`, the path of a `.toml` or `.json` file, or the name of a file on
 * the configuration path. Later ones go before earlier ones. Undefined when there are none.
 * @throws CommandError naming what cannot be read
 */
export function readInstanceConfig(texts: readonly string[] | undefined): Config | undefined {
  if (texts === undefined) return undefined;
  return texts.reduce<Config>((config, text) => update(config, text), {});
}

function update(config: Config, text: string): Config {
  if (text.includes('\n')) return merged(config, parseLines(text));
  if (text.includes('=')) {
    const equals = text.indexOf('=');
    setDotted(config, text.slice(0, equals), jsonOrText(text.slice(equals + 1)));
    return config;
  }
  if (['.toml', '.json'].includes(extname(text))) return merged(config, readConfigFile(text, '--conf:'));
  const path = namedConfig(text);
  if (path === undefined) throw new CommandError(`--conf: named config '${text}' not found`);
  return merged(config, readConfigFile(path, `--conf=${text}:`));
}

function parseLines(text: string): Config {
  for (const parse of [parseJson, parseToml]) {
    try {
      return parse(text) as Config;
    } catch {
      // The other form is tried.
    }
  }
  throw new CommandError('--conf: failed to parse multiline as TOML or JSON');
}

function jsonOrText(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

function readConfigFile(path: string, label: string): Config {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CommandError(
      `${label} [Errno ${code === 'ENOENT' ? 2 : 13}] ${fileError(error as NodeJS.ErrnoException, path)}`,
    );
  }
  try {
    return (path.endsWith('.json') ? parseJson(text) : parseToml(text)) as Config;
  } catch (error) {
    throw new CommandError(`${label} parse error: ${path}: ${(error as Error).message}`);
  }
}

function namedConfig(name: string): string | undefined {
  const home = process.env['XDG_CONFIG_HOME'] || join(homedir(), '.config');
  const folders = [home, ...(process.env['XDG_CONFIG_DIRS'] || '/etc/xdg').split(':')];
  return folders
    .flatMap((folder) => ['toml', 'json'].map((extension) => join(folder, 'flux', 'config', `${name}.${extension}`)))
    .find((path) => existsSync(path));
}

function merged(base: Config, more: Config): Config {
  const result = { ...base };
  for (const [key, value] of Object.entries(more)) {
    const before = result[key];
    result[key] = isTable(before) && isTable(value) ? merged(before, value) : value;
  }
  return result;
}

function isTable(value: unknown): value is Config {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
