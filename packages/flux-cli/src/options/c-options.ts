/**
 * Options as the commands that flux-core has in C take them: long names may be cut short, the first word that is no
 * option ends them, and what is wrong ends with exit status 1.
 */
import { CommandExit } from '../command-module.ts';

export interface COption {
  readonly name: string;
  readonly key?: string;
  readonly takes?: 'value' | 'optional';
  /** Left out: the short form takes a value as the long one does. */
  readonly shortTakes?: false;
  readonly shown?: string;
  /** Left out: the option is not shown. */
  readonly help?: string;
  /** Values are split at commas. */
  readonly splits?: boolean;
}

export interface CSyntax {
  /** For example `flux-job attach`. */
  readonly program: string;
  /** What follows the name in the usage. */
  readonly usage: string;
  readonly description?: string;
  readonly options: readonly COption[];
  /** `--help` is an option as others are, and what it shows is the command's. */
  readonly ownHelp?: true;
}

const help: COption = { name: 'help', key: 'h', help: 'Display this message.' };

export class COptions {
  readonly words: readonly string[];
  readonly #syntax: CSyntax;
  readonly #given: ReadonlyMap<string, readonly (string | undefined)[]>;

  constructor(syntax: CSyntax, given: ReadonlyMap<string, readonly (string | undefined)[]>, words: readonly string[]) {
    this.#syntax = syntax;
    this.#given = given;
    this.words = words;
  }

  has(name: string): boolean {
    return this.#given.has(name);
  }

  /** How many times it was given. */
  count(name: string): number {
    return this.#given.get(name)?.length ?? 0;
  }

  /** The last value. */
  text(name: string): string | undefined {
    return this.#given.get(name)?.at(-1);
  }

  /** All values, split at commas where the option says so. */
  list(name: string): string[] {
    const { splits } = this.#syntax.options.find((option) => option.name === name)!;
    const values = (this.#given.get(name) ?? []).filter((value) => value !== undefined);
    return splits ? values.flatMap((value) => value.split(',')) : values;
  }

  /** @throws CommandExit after saying that the value is no whole number */
  integer(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (!/^[+-]?\d+$/.test(text.trim())) {
      this.failOption(`Option '${name}' requires an integer argument`);
    }
    return Number(text);
  }

  /** Prints what is wrong with an option's value, after the whole name of the command and, mostly, its last word. */
  failOption(text: string, { unnamed = false }: { readonly unnamed?: boolean } = {}): never {
    const { program } = this.#syntax;
    const last = unnamed ? '' : `${program.slice(program.lastIndexOf(' ') + 1)}: `;
    process.stderr.write(`${program}: ${last}${text}${unnamed ? '' : '\n'}`);
    throw new CommandExit(1);
  }

  /** Prints what is wrong, if that is said, and the usage, as commands do whose arguments are wrong. */
  failWithUsage(text?: string): never {
    if (text !== undefined) process.stderr.write(`${this.#syntax.program}: ${text}\n`);
    process.stderr.write(cHelp(this.#syntax));
    throw new CommandExit(1);
  }
}

/** @throws CommandExit after the help (0) or what is wrong (1) was printed */
export function parseCOptions(syntax: CSyntax, words: readonly string[]): COptions {
  const options = [help, ...syntax.options];
  const given = new Map<string, (string | undefined)[]>();
  const positionals: string[] = [];
  const rest = [...words];
  const fail = (text: string): never => {
    const hint = `Try \`${syntax.program} --help' for more information.\n`;
    process.stderr.write(`${syntax.program}: ${text}\n${text.startsWith('unrecognized') ? hint : ''}`);
    throw new CommandExit(1);
  };
  const apply = (option: COption, attached: string | undefined, word: string) => {
    if (option === help && !syntax.ownHelp) {
      // Not to the standard output: so does the library of flux-core.
      process.stderr.write(cHelp(syntax));
      throw new CommandExit(0);
    }
    let value = attached;
    if (option.takes === 'value' && value === undefined) {
      if (rest.length === 0) fail(`'${word}' missing argument`);
      value = rest.shift();
    }
    given.set(option.name, [...(given.get(option.name) ?? []), value]);
  };
  while (rest.length > 0) {
    const word = rest.shift()!;
    if (word === '--') {
      positionals.push(...rest);
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      positionals.push(word, ...rest);
      break;
    }
    if (word.startsWith('--')) {
      const equals = word.indexOf('=');
      const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
      const option = longOption(options, name);
      if (!option || (equals >= 0 && !option.takes)) fail(`unrecognized option '${word}'`);
      apply(option!, equals < 0 ? undefined : word.slice(equals + 1), word);
      continue;
    }
    let cluster = word.slice(1);
    while (cluster !== '') {
      const option = options.find(({ key }) => key === cluster[0]);
      if (!option) fail(`unrecognized option '-${cluster[0]}'`);
      cluster = cluster.slice(1);
      const takes = option!.takes && option!.shortTakes !== false;
      apply(option!, takes && cluster !== '' ? cluster : undefined, word);
      if (takes) break;
    }
  }
  return new COptions(syntax, given, positionals);
}

function longOption(options: readonly COption[], name: string): COption | undefined {
  const exact = options.find((option) => option.name === name);
  if (exact) return exact;
  const possible = options.filter((option) => option.name.startsWith(name));
  return name !== '' && possible.length === 1 ? possible[0] : undefined;
}

const column = 25;

/** Usage and options. */
export function cHelp({ program, usage, description, options }: CSyntax): string {
  const columns = Number(process.env['COLUMNS']) || 80;
  const width = (columns >= 256 || columns <= 16 ? 80 : columns) - column;
  const lines = [`Usage: ${program} ${usage}`];
  if (description) lines.push(description);
  for (const option of [help, ...options]) {
    if (option.help === undefined) continue;
    const value = option.shown === undefined ? '' : `=${option.shown}`;
    const left = option.key ? `  -${option.key}, --${option.name}${value}` : `      --${option.name}${value}`;
    const [first, ...more] = wrap(option.help, width);
    if (left.length < column) lines.push(`${left.padEnd(column)}${first}`);
    else lines.push(left, `${' '.repeat(column)}${first}`);
    lines.push(...more.map((line) => ' '.repeat(column) + line));
  }
  return `${lines.join('\n')}\n`;
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width);
    if (space <= 0) break;
    lines.push(rest.slice(0, space).trimEnd());
    rest = rest.slice(space + 1);
  }
  return [...lines, rest];
}
