/**
 * Output formats by name: those a command brings, those of the person's configuration (`flux-jobs.toml` and the like under
 * the XDG folders), and the default of an environment variable.
 */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { CommandError, CommandExit } from '../command-module.ts';

export interface NamedFormat {
  readonly description?: string;
  readonly format: string;
}

export interface NamedFormatsOptions {
  /** `flux-jobs`: names the configuration file, and `FLUX_JOBS_FORMAT_DEFAULT`. */
  readonly name: string;
  /** The table of a file that serves several commands: `list` of `flux-resource`. */
  readonly table?: string;
  readonly formats: Readonly<Record<string, NamedFormat>>;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/**
 * The format string for what `-o` says.
 * @throws CommandError when there is no such format; CommandExit after `help` and `get-config=NAME` were printed
 */
export function namedFormat(asked: string, options: NamedFormatsOptions): string {
  if (asked.includes('{')) return asked;
  const { name, table, environment = process.env } = options;
  const formats = { ...options.formats, ...configuredFormats(options) };
  if (asked === 'help') {
    const lines = Object.entries(formats).map(
      ([format, { description }]) => `  ${format.padEnd(12)}${description === undefined ? '' : ` ${description}`}\n`,
    );
    process.stdout.write(`\nConfigured ${name} output formats:\n\n${lines.join('')}`);
    throw new CommandExit(0);
  }
  if (asked.startsWith('get-config=')) {
    printConfiguration(asked.slice('get-config='.length), formats, table);
    throw new CommandExit(0);
  }
  let wanted = asked;
  if (asked === 'default') {
    const variable = [name, ...(table ? [table] : []), 'FORMAT_DEFAULT'].join('_').toUpperCase().replaceAll('-', '_');
    wanted = environment[variable] ?? asked;
    if (wanted.includes('{')) return wanted;
  }
  if (!Object.hasOwn(formats, wanted)) {
    const meant = wanted.replaceAll(/\w+/g, '{$&}');
    throw new CommandError(`--format: No such format ${wanted} (Did you mean '${meant}'?)`);
  }
  return formats[wanted]!.format;
}

function printConfiguration(
  name: string,
  formats: Readonly<Record<string, NamedFormat>>,
  table: string | undefined,
): void {
  if (!Object.hasOwn(formats, name)) throw new CommandError(`--format: No such format ${name}`);
  const { description, format } = formats[name]!;
  const lines = [
    `[${table ? `${table}.` : ''}formats.${name}]`,
    ...(description === undefined ? [] : [`description = "${description}"`]),
    `format = "${format}"`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** The configuration files of a command with what they hold; what the person says comes after what the system says. */
export function configurationFiles(
  name: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): { path: string; config: Record<string, unknown> }[] {
  const home = environment['XDG_CONFIG_HOME'] || join(homedir(), '.config');
  const system = (environment['XDG_CONFIG_DIRS'] || '/etc/xdg').split(':');
  const files = [...system.reverse(), home].flatMap((folder) => [
    { path: join(folder, 'flux', `${name}.json`), parse: JSON.parse },
    { path: join(folder, 'flux', `${name}.toml`), parse: parseToml },
  ]);
  return files
    .filter(({ path }) => existsSync(path))
    .map(({ path, parse }) => {
      try {
        return { path, config: parse(readFileSync(path, 'utf8')) as Record<string, unknown> };
      } catch (error) {
        throw new CommandError(`${path}: ${(error as Error).message}`);
      }
    });
}

function configuredFormats({ name, table, formats, environment }: NamedFormatsOptions): Record<string, NamedFormat> {
  const found: Record<string, NamedFormat> = {};
  for (const { path, config } of configurationFiles(name, environment)) {
    const own = (table ? (config[table] as Record<string, unknown> | undefined) : config)?.['formats'] ?? {};
    for (const [format, entry] of Object.entries(own as Record<string, NamedFormat>)) {
      if (Object.hasOwn(formats, format)) {
        throw new CommandError(`${path}: override of builtin format '${format}' not permitted`);
      }
      if (typeof entry?.format !== 'string') {
        throw new CommandError(`${path}: formats.${format}: required key 'format' missing`);
      }
      found[format] = entry;
    }
  }
  return found;
}
