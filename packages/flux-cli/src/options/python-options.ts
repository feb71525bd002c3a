/**
 * Options as the commands that flux-core has in Python take them: long names in full, `--name=value` or two words, short
 * ones in a cluster. What is wrong is said with the usage before it and ends with exit status 2.
 */
import { CommandExit } from '../command-module.ts';
import { pythonHelp, pythonUsage } from './python-help.ts';
import type { PythonOption, PythonSyntax } from './python-syntax.ts';

export interface ParsedOptions {
  readonly values: Record<string, unknown>;
  readonly words: string[];
}

export const helpOption: PythonOption = {
  flags: ['-h', '--help'],
  takes: 'flag',
  help: 'show this help message and exit',
};

/** @throws CommandExit after the help (0) or what is wrong (2) was printed */
export function parsePythonOptions(given: PythonSyntax, words: readonly string[]): ParsedOptions {
  const syntax = given.ownHelp ? given : { ...given, options: [helpOption, ...given.options] };
  const fail = (text: string): never => {
    process.stderr.write(`${pythonUsage(syntax)}${syntax.program}: error: ${text}\n`);
    throw new CommandExit(2);
  };
  const reader = new Reader(syntax, fail);
  const parsed = reader.read(words);
  checkPositionals(syntax, parsed.words, fail);
  return parsed;
}

export function keyOf(option: PythonOption): string {
  return option.key ?? (option.flags.find((flag) => flag.startsWith('--')) ?? option.flags[0]!).replace(/^-+/, '');
}

class Reader {
  readonly #syntax: PythonSyntax;
  readonly #fail: (text: string) => never;
  readonly #byFlag = new Map<string, PythonOption>();
  readonly #values: Record<string, unknown> = {};
  readonly #seen = new Map<string, PythonOption>();

  constructor(syntax: PythonSyntax, fail: (text: string) => never) {
    this.#syntax = syntax;
    this.#fail = fail;
    for (const option of syntax.options) {
      for (const flag of [...option.flags, ...(option.hiddenFlags ?? [])]) this.#byFlag.set(flag, option);
      if (option.default !== undefined) this.#values[keyOf(option)] ??= option.default;
    }
  }

  read(words: readonly string[]): ParsedOptions {
    const rest = [...words];
    const positionals: string[] = [];
    const unknown: string[] = [];
    while (rest.length > 0) {
      const word = rest.shift()!;
      if (word === '--') {
        positionals.push(...(this.#syntax.posix ? ['--', ...rest] : rest));
        break;
      }
      if (!this.#looksLikeOption(word)) {
        positionals.push(word);
        if (!this.#syntax.posix) continue;
        positionals.push(...rest);
        break;
      }
      if (!this.#readOption(word, rest)) unknown.push(word);
    }
    const most = this.#syntax.positionals ?? [];
    const isOpen = most.some(({ takes }) => takes === 'any' || takes === 'some' || takes === 'rest');
    if (!isOpen) unknown.push(...positionals.splice(most.length));
    if (unknown.length > 0) this.#checkThenFail(positionals, unknown);
    return { values: this.#values, words: positionals };
  }

  // Missing arguments are told before unknown ones.
  #checkThenFail(positionals: readonly string[], unknown: readonly string[]): never {
    checkPositionals(this.#syntax, positionals, this.#fail);
    const { above } = this.#syntax;
    const problem = `unrecognized arguments: ${unknown.join(' ')}`;
    if (!above) return this.#fail(problem);
    process.stderr.write(`usage: ${above.usage}\n${above.program}: error: ${problem}\n`);
    throw new CommandExit(2);
  }

  #looksLikeOption(word: string): boolean {
    if (!word.startsWith('-') || word.length === 1) return false;
    if (this.#byFlag.has(word) || this.#byFlag.has(word.split('=', 1)[0]!)) return true;
    if (/^-\d+$|^-\d*\.\d+$/.test(word)) return false;
    return !word.includes(' ') || this.#byFlag.has(word.slice(0, 2));
  }

  #readOption(word: string, rest: string[]): boolean {
    if (word.startsWith('--')) {
      const equals = word.indexOf('=');
      const option = this.#byFlag.get(equals < 0 ? word : word.slice(0, equals));
      if (!option) return false;
      this.#apply(option, equals < 0 ? undefined : word.slice(equals + 1), rest);
      return true;
    }
    let cluster = word.slice(1);
    while (cluster !== '') {
      const option = this.#byFlag.get(`-${cluster[0]}`);
      if (!option) return false;
      cluster = cluster.slice(1);
      const hasValue = option.takes !== 'flag' && option.takes !== 'count' && option.takes !== 'constant';
      this.#apply(option, hasValue && cluster !== '' ? cluster.replace(/^=/, '') : undefined, rest);
      if (hasValue) return true;
    }
    return true;
  }

  #apply(option: PythonOption, attached: string | undefined, rest: string[]): void {
    const key = keyOf(option);
    const name = [...option.flags, ...(option.hiddenFlags ?? [])].join('/');
    if (option.excludes) {
      const other = this.#seen.get(option.excludes);
      if (other && other !== option) {
        this.#fail(`argument ${name}: not allowed with argument ${other.flags.join('/')}`);
      }
      this.#seen.set(option.excludes, option);
    }
    if (option === helpOption) {
      process.stdout.write(pythonHelp(this.#syntax));
      throw new CommandExit(0);
    }
    switch (option.takes) {
      case 'flag':
      case 'constant':
      case 'count':
        if (attached !== undefined) this.#fail(`argument ${name}: ignored explicit argument '${attached}'`);
        if (option.takes === 'count') this.#values[key] = Number(this.#values[key] ?? 0) + 1;
        else this.#values[key] = option.takes === 'flag' ? true : option.constant;
        return;
      case 'optional': {
        const next = attached ?? (rest.length > 0 && !this.#looksLikeOption(rest[0]!) ? rest.shift() : undefined);
        this.#values[key] = next === undefined ? option.constant : this.#convert(option, name, next);
        return;
      }
      default: {
        const isMissing =
          attached === undefined && (rest.length === 0 || rest[0] === '--' || this.#looksLikeOption(rest[0]!));
        if (isMissing) this.#fail(`argument ${name}: expected one argument`);
        const value = this.#convert(option, name, attached ?? rest.shift()!);
        if (option.takes === 'one' && !option.toList) this.#values[key] = value;
        else {
          const list = (this.#values[key] as unknown[] | undefined) ?? [];
          this.#values[key] = [...list, option.toList ? option.toList(value as string) : value];
        }
      }
    }
  }

  #convert({ type, choices }: PythonOption, name: string, text: string): unknown {
    if (type === 'int' && !/^\s*[+-]?\d+\s*$/.test(text)) this.#fail(`argument ${name}: invalid int value: '${text}'`);
    if (type === 'float' && (text.trim() === '' || Number.isNaN(Number(text)))) {
      this.#fail(`argument ${name}: invalid float value: '${text}'`);
    }
    if (choices && !choices.includes(text)) {
      const all = choices.map((choice) => `'${choice}'`).join(', ');
      this.#fail(`argument ${name}: invalid choice: '${text}' (choose from ${all})`);
    }
    return type ? Number(text) : text;
  }
}

function checkPositionals(syntax: PythonSyntax, words: readonly string[], fail: (text: string) => never): void {
  const { positionals = [] } = syntax;
  const missing = positionals.filter(({ takes }) => takes === 'one' || takes === 'some').slice(words.length);
  if (missing.length > 0) {
    // The rest is empty where it may begin, but behind a missing word it cannot.
    const names = [...missing, ...positionals.filter(({ takes }) => takes === 'rest')];
    fail(`the following arguments are required: ${names.map(({ name, shown }) => shown ?? name).join(', ')}`);
  }
}
