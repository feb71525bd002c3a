// The option parser of `flux broker` and `flux start`: options end at the first word that is none, and a long option
// may be shortened to any prefix that fits only one (`--config` for `--config-path`), as users of flux-core's commands
// expect and existing entry points write.

export interface OptionSpec {
  name: string;
  key?: string;
  /** `none`, `required`, or `optional` (only as `--name=value` or `-kvalue`). */
  argument: 'none' | 'required' | 'optional';
  usage: string;
  placeholder?: string;
}

export interface ParsedOptions {
  /** Values by long name, in order; an option without argument counts as ''. */
  values: Map<string, string[]>;
  /** The first word that is no option, and all behind it. */
  rest: string[];
}

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @throws {UsageError} */
export function parseOptions(specs: readonly OptionSpec[], argv: readonly string[]): ParsedOptions {
  const values = new Map<string, string[]>();
  const add = (name: string, value: string) => {
    const list = values.get(name);
    if (list) list.push(value);
    else values.set(name, [value]);
  };
  let at = 0;
  while (at < argv.length) {
    const word = argv[at]!;
    if (word === '--') {
      at++;
      break;
    }
    if (!word.startsWith('-') || word === '-') break;
    at++;
    if (word.startsWith('--')) {
      const equals = word.indexOf('=');
      const given = word.slice(2, equals < 0 ? undefined : equals);
      const spec = findLong(specs, given);
      const inline = equals < 0 ? undefined : word.slice(equals + 1);
      if (spec.argument === 'none' && inline !== undefined) {
        throw new UsageError(`option '--${spec.name}' doesn't allow an argument`);
      }
      if (spec.argument !== 'required' || inline !== undefined) add(spec.name, inline ?? '');
      else if (at < argv.length) add(spec.name, argv[at++]!);
      else throw new UsageError(`option '--${spec.name}' requires an argument`);
      continue;
    }
    for (let index = 1; index < word.length; index++) {
      const key = word[index]!;
      const spec = specs.find((candidate) => candidate.key === key);
      if (!spec) throw new UsageError(`unrecognized option '-${key}'`);
      if (spec.argument === 'none') {
        add(spec.name, '');
        continue;
      }
      const inline = word.slice(index + 1);
      if (inline !== '' || spec.argument === 'optional') add(spec.name, inline);
      else if (at < argv.length) add(spec.name, argv[at++]!);
      else throw new UsageError(`option '-${key}' requires an argument`);
      break;
    }
  }
  return { values, rest: argv.slice(at) };
}

/** The text of `--help`. */
export function printUsage(command: string, synopsis: string, specs: readonly OptionSpec[]): string {
  const rows = specs.map(({ name, key, argument, placeholder = 'ARG', usage }) => {
    const short = key === undefined ? '    ' : `-${key}, `;
    const suffix = { none: '', required: `=${placeholder}`, optional: `[=${placeholder}]` }[argument];
    return `  ${`${short}--${name}${suffix}`.padEnd(32)} ${usage}\n`;
  });
  return `Usage: ${command} ${synopsis}\n${rows.join('')}`;
}

function findLong(specs: readonly OptionSpec[], given: string): OptionSpec {
  const exact = specs.find(({ name }) => name === given);
  if (exact) return exact;
  const fitting = specs.filter(({ name }) => name.startsWith(given));
  if (fitting.length === 1) return fitting[0]!;
  if (fitting.length === 0) throw new UsageError(`unrecognized option '--${given}'`);
  const names = fitting.map(({ name }) => `'--${name}'`).join(' ');
  throw new UsageError(`option '--${given}' is ambiguous; possibilities: ${names}`);
}
