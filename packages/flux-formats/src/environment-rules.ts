/** The rules by which `--env` and `--rlimit` make a job's environment and limits out of the submitter's. */
import { JobspecOptionError } from './jobspec-options.ts';

export interface FilteredEnvironment {
  environment: Record<string, string>;
  /** Variables with `{{…}}` templates, which the job's shell fills in. */
  templates: Record<string, string>;
}

/**
 * Applies rules in order: `-PATTERN` removes, `VAR=VALUE` sets (`$OTHER` is filled in from what stands so far), `VAR` or a
 * pattern takes from `current` again, `^FILE` reads rules through `readLines`.
 * @throws JobspecOptionError for a variable that is not there, or a file that cannot be read
 */
export function filterEnvironment(
  rules: readonly string[],
  current: Readonly<Record<string, string | undefined>>,
  readLines: (path: string) => readonly string[],
): FilteredEnvironment {
  const whole = Object.fromEntries(
    Object.entries(current).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const result: FilteredEnvironment = { environment: { ...whole }, templates: {} };
  applyRules(result, rules, whole, readLines, 0);
  return result;
}

const deepestFile = 16;

function applyRules(
  result: FilteredEnvironment,
  rules: readonly string[],
  current: Readonly<Record<string, string>>,
  readLines: (path: string) => readonly string[],
  depth: number,
): void {
  if (depth > deepestFile) throw new JobspecOptionError(`--env: rule files name each other deeper than ${deepestFile}`);
  for (const rule of rules) {
    if (rule.startsWith('-')) {
      const matches = namePattern(rule.slice(1));
      for (const name of Object.keys(result.environment)) if (matches(name)) delete result.environment[name];
    } else if (rule.startsWith('^')) {
      applyRules(result, linesOf(rule.slice(1), readLines), current, readLines, depth + 1);
    } else if (rule.includes('=')) {
      const name = rule.slice(0, rule.indexOf('='));
      const value = rule.slice(rule.indexOf('=') + 1);
      if (value.includes('{{')) result.templates[name] = value;
      else result.environment[name] = substitute(rule, value, { ...current, ...result.environment });
    } else {
      const matches = namePattern(rule);
      for (const [name, value] of Object.entries(current)) if (matches(name)) result.environment[name] ??= value;
    }
  }
}

function linesOf(path: string, readLines: (path: string) => readonly string[]): string[] {
  try {
    return readLines(path)
      .map((line) => line.trim())
      .filter((line) => line !== '');
  } catch (error) {
    throw new JobspecOptionError(`--env: ${(error as Error).message}`, { cause: error });
  }
}

function substitute(rule: string, text: string, variables: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$(?:(\$)|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\}|)/g, (_, dollar, plain, braced) => {
    if (dollar) return '$';
    const name: string | undefined = plain ?? braced;
    if (name === undefined) throw new JobspecOptionError(`--env: Unable to substitute ${rule}`);
    if (!Object.hasOwn(variables, name)) throw new JobspecOptionError(`--env: Variable '${name}' not found in ${rule}`);
    return variables[name]!;
  });
}

/** Limits that a job does not take over unless a rule asks for them. */
const notPropagated = ['memlock', 'ofile', 'msgqueue', 'nice', 'rtprio', 'rttime', 'sigpending'];

/**
 * The limits that a job takes over: `-NAME` removes, `NAME` takes the current one, `NAME=VALUE` sets; names are patterns.
 * `current` holds the soft limits by lower-case name, -1 for unlimited.
 */
export function filterRlimits(
  rules: readonly string[],
  current: Readonly<Record<string, number>>,
): Record<string, number> {
  const limits: Record<string, number> = { ...current };
  for (const name of notPropagated) delete limits[name];
  for (const rule of rules.flatMap((text) => text.split(','))) {
    const [name, value] = rule.split('=', 2) as [string, string?];
    const lower = name.toLowerCase();
    if (rule.startsWith('-')) {
      const matches = namePattern(lower.slice(1));
      for (const limit of Object.keys(limits)) if (matches(limit)) delete limits[limit];
    } else if (value === undefined) {
      const found = Object.entries(current).filter(([limit]) => namePattern(lower)(limit));
      if (found.length === 0) throw new JobspecOptionError(`No corresponding rlimit matching "${lower}"`);
      Object.assign(limits, Object.fromEntries(found));
    } else {
      if (!Object.hasOwn(current, lower)) throw new JobspecOptionError(`Invalid rlimit "${name}"`);
      const isUnlimited = ['unlimited', 'infinity', 'inf'].includes(value);
      if (!isUnlimited && !/^-?\d+$/.test(value)) throw new JobspecOptionError(`Invalid value in ${rule}`);
      limits[lower] = isUnlimited ? -1 : Number(value);
    }
  }
  return limits;
}

/** A shell pattern, or between slashes a regular expression that matches from the start. */
function namePattern(pattern: string): (name: string) => boolean {
  if (pattern.startsWith('/')) {
    const expression = new RegExp(`^(?:${pattern.replace(/^\//, '').replace(/\/+$/, '')})`);
    return (name) => expression.test(name);
  }
  const expression = new RegExp(`^${globSource(pattern)}$`, 's');
  return (name) => expression.test(name);
}

function globSource(glob: string): string {
  return glob.replaceAll(/\[(!?)([^\]]+)\]|[\s\S]/g, (part, not: string | undefined, set: string | undefined) => {
    if (set !== undefined) return `[${not ? '^' : ''}${set.replaceAll('\\', '\\\\').replace(/^\^/, '\\^')}]`;
    if (part === '*') return '.*';
    if (part === '?') return '.';
    return part.replace(/[.+^${}()|[\]\\]/, '\\$&');
  });
}
