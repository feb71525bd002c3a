/**
 * The templates of bulksubmit and of `--cc`: `{}`, `{0}`, `{cc}`, `{seq}`, and views of an input as `{.%}` (no
 * extension), `{./}` (base name), `{.//}` (folder), `{./%}`. Double braces belong to the shell and stay.
 */
import { basename, dirname, extname } from 'node:path';
import { CommandExit } from '../command-module.ts';

/** Options in which templates are filled in, and how they are shown. */
export const mutableOptions: Readonly<Record<string, string>> = {
  queue: '-q',
  bank: '-B',
  ntasks: '-n',
  nodes: '-N',
  'cores-per-task': '-c',
  'gpus-per-task': '-g',
  cores: '--cores=',
  'tasks-per-node': '--tasks-per-node=',
  'tasks-per-core': '--tasks-per-core=',
  'gpus-per-node': '--gpus-per-node=',
  'time-limit': '-t',
  env: '--env=',
  urgency: '--urgency=',
  setopt: '-o ',
  setattr: '--setattr=',
  'job-name': '--job-name=',
  input: '--input=',
  output: '--output=',
  error: '--error=',
  cc: '--cc=',
  bcc: '--bcc=',
  log: '--log=',
  'log-stderr': '--log-stderr=',
  dependency: '--dependency=',
  taskmap: '--taskmap=',
  requires: '--requires=',
  wait: '--wait-event=',
  cwd: '--cwd=',
  flags: '--flags=',
  signal: '--signal=',
};

class SubstitutionError extends Error {
  readonly isIndex: boolean;

  constructor(name: string, isIndex: boolean) {
    super(name);
    this.isIndex = isIndex;
  }
}

/** The same submission with its templates filled in. @throws CommandExit after saying which one cannot be filled in */
export function fillTemplates<Values extends object>(
  values: Values,
  command: readonly string[],
  inputs: readonly string[],
  words: Readonly<Record<string, string>>,
): { values: Values; command: string[] } {
  const filled = command.map((part) => {
    try {
      return fill(part, inputs, words);
    } catch (error) {
      if (!(error instanceof SubstitutionError)) throw error;
      return complain(`Invalid replacement string in command: '${part}'`);
    }
  });
  const changed = { ...values } as Record<string, unknown>;
  for (const [name, shown] of Object.entries(mutableOptions)) {
    const value = changed[name];
    if (typeof value !== 'string' && !Array.isArray(value)) continue;
    try {
      changed[name] =
        typeof value === 'string' ? fill(value, inputs, words) : value.map((part) => fill(String(part), inputs, words));
    } catch (error) {
      if (!(error instanceof SubstitutionError)) throw error;
      const text = typeof value === 'string' ? value : `[${value.map((part) => `'${part}'`).join(', ')}]`;
      complain(
        error.isIndex
          ? `Invalid replacement index in ${shown}${text}'`
          : `Replacement key '${error.message}' not found in '${shown}${text}'`,
      );
    }
  }
  return { values: changed as Values, command: filled };
}

function complain(text: string): never {
  process.stderr.write(`flux: ERROR: ${text}\n`);
  throw new CommandExit(1);
}

function fill(text: string, inputs: readonly string[], words: Readonly<Record<string, string>>): string {
  let next = 0;
  return text.replaceAll(/\{\{|\}\}|\{([^{}]*)\}/g, (whole, field: string | undefined) => {
    if (field === undefined) return whole;
    const [, name, method] = /^([^.:!]*)(?:\.([^:!]*))?/.exec(field)!;
    const isIndex = /^\d*$/.test(name!);
    const value = isIndex ? inputs[name === '' ? next++ : Number(name)] : words[name!];
    if (value === undefined) throw new SubstitutionError(name!, isIndex);
    return method === undefined ? value : view(value, method);
  });
}

function view(input: string, method: string): string {
  const withoutExtension = (path: string) => path.slice(0, path.length - extname(path).length);
  switch (method) {
    case '%':
      return withoutExtension(input);
    case '/':
      return basename(input);
    case '//':
      return dirname(input) === '.' && !input.startsWith('.') ? '' : dirname(input);
    case '/%':
      return basename(withoutExtension(input));
    default:
      return complain(`Unknown input string method '.${method}'`);
  }
}
