/** A configuration from the disk, read as a broker reads it. */
import { CommandError } from '../command-module.ts';
import type { JsonObject } from './json-path.ts';

/** @param path a TOML or JSON file, or a directory of TOML files @throws CommandError that begins with `what` */
export async function readConfigAt(path: string, what: string): Promise<JsonObject> {
  const { ConfigError, readConfig } = await import('@ebb/flux-broker');
  try {
    return readConfig(path);
  } catch (error) {
    throw error instanceof ConfigError ? new CommandError(`${what}${error.message}`) : error;
  }
}
