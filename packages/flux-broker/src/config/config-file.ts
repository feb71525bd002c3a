// The broker's configuration on disk: a TOML or JSON file, or a directory whose *.toml files are merged in order of
// their names (flux-config(5)).
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { strerror } from '@ebb/flux-formats';
import { parse, TomlError } from 'smol-toml';
import type { ConfigObject } from '../module.ts';

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** @throws {ConfigError} naming the file and the place in it. */
export function readConfig(path: string): ConfigObject {
  let isDirectory: boolean;
  try {
    isDirectory = statSync(path).isDirectory();
  } catch (error) {
    const { errno, code } = error as NodeJS.ErrnoException;
    throw new ConfigError(`stat: ${path}: ${errno === undefined ? code : strerror(-errno)}`, { cause: error });
  }
  if (!isDirectory) return readConfigFile(path);
  const files = readdirSync(path)
    .filter((name) => name.endsWith('.toml'))
    .sort();
  let merged: ConfigObject = {};
  for (const file of files) merged = mergeConfig(merged, readConfigFile(join(path, file)));
  return merged;
}

/** Tables are merged key by key; any other value of `update` replaces what was there. */
export function mergeConfig(base: ConfigObject, update: ConfigObject): ConfigObject {
  const merged: ConfigObject = { ...base };
  for (const [key, value] of Object.entries(update)) {
    const before = merged[key];
    merged[key] = isTable(before) && isTable(value) ? mergeConfig(before, value) : value;
  }
  return merged;
}

/** `--conf=VALUE`: a file, a piece of TOML or JSON, or `KEY=VALUE` with a dotted key. @throws {ConfigError} */
export function parseConfigOption(option: string): ConfigObject {
  if (/^[^\s={}]+\.(toml|json)$/.test(option)) return readConfigFile(option);
  if (option.startsWith('{')) return parseText(option, '--conf', true);
  if (option.includes('\n')) return parseText(option, '--conf', false);
  const equals = option.indexOf('=');
  if (equals <= 0) throw new ConfigError(`${option}: expected KEY=VALUE, a TOML or JSON file, or TOML text`);
  const keys = option.slice(0, equals).split('.');
  let value: unknown = scalar(option.slice(equals + 1));
  for (const key of keys.reverse()) value = { [key]: value };
  return value as ConfigObject;
}

function scalar(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function readConfigFile(path: string): ConfigObject {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(`${path}: ${(error as NodeJS.ErrnoException).code ?? 'unreadable'}`, { cause: error });
  }
  return parseText(text, path, path.endsWith('.json'));
}

function parseText(text: string, source: string, isJson: boolean): ConfigObject {
  try {
    const value: unknown = isJson ? JSON.parse(text) : parse(text);
    if (!isTable(value)) throw new ConfigError(`${source}: not a table`);
    return JSON.parse(JSON.stringify(value)) as ConfigObject;
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const place = error instanceof TomlError ? `:${error.line}` : '';
    throw new ConfigError(`${source}${place}: ${(error as Error).message.split('\n')[0]}`, { cause: error });
  }
}

function isTable(value: unknown): value is ConfigObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
