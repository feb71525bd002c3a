/** Usage and help of commands that flux-core has in Python: the layout of argparse with Flux's wider column. */
import type { PythonOption, PythonPositional, PythonSyntax } from './python-syntax.ts';

const widestColumn = 40;

/** The usage with its line end. */
export function pythonUsage(syntax: PythonSyntax): string {
  if (syntax.usage !== undefined) return `usage: ${syntax.usage}\n`;
  const positionals = (syntax.positionals ?? []).map(positionalUsage);
  const options = optionUsages(syntax.options);
  const whole = ['usage:', syntax.program, ...options, ...positionals].join(' ');
  const width = textWidth();
  if (whole.length <= width) return `${whole}\n`;
  const lines = (first: string, parts: readonly string[], indent: string): string[] => {
    const result: string[] = [];
    let line = first;
    for (const part of parts) {
      if (line.length + 1 + part.length > width && line.trim() !== '') {
        result.push(line);
        line = `${indent}${part}`;
      } else line = line.trim() === '' ? `${indent}${part}` : `${line} ${part}`;
    }
    return line.trim() === '' ? result : [...result, line];
  };
  const start = `usage: ${syntax.program}`;
  const indent = ' '.repeat(start.length + 1);
  if (options.length === 0) return `${lines(start, positionals, indent).join('\n')}\n`;
  return `${[...lines(start, options, indent), ...lines('', positionals, indent)].join('\n')}\n`;
}

export function pythonHelp(syntax: PythonSyntax): string {
  const { description, options, groups = [], positionals = [], epilog, rawEpilog } = syntax;
  const sections: { title: string; says?: string | undefined; rows: { left: string; help: string }[] }[] = [
    { title: 'positional arguments', rows: positionals.map(positionalRow) },
    { title: 'options', rows: optionRows(options.filter(({ group }) => group === undefined)) },
    ...groups.map(({ title, says }) => ({
      title,
      says,
      rows: optionRows(options.filter(({ group }) => group === title)),
    })),
  ];
  const lefts = sections.flatMap(({ rows }) => rows.map(({ left }) => left.length + 2));
  const column = Math.min(Math.max(...lefts) + 2, widestColumn);
  const texts = [pythonUsage(syntax)];
  if (description) texts.push(`${wrapText(description, textWidth()).join('\n')}\n`);
  for (const { title, says, rows } of sections) {
    if (rows.length === 0 && !says) continue;
    const lines = rows.flatMap(({ left, help }) => row(left, help, column));
    const head = says ? [...wrapText(says, textWidth() - 4).map((line) => `  ${line}`), ''] : [];
    texts.push(`${[`${title}:`, ...head, ...lines].join('\n')}\n`);
  }
  if (epilog) texts.push(`${wrapText(epilog, textWidth()).join('\n')}\n`);
  if (rawEpilog) texts.push(`${rawEpilog}\n`);
  return texts.join('\n');
}

/** Breaks a text into lines as Python's textwrap does: at spaces, and after hyphens within words. */
export function wrapText(text: string, width: number): string[] {
  const chunks = text
    .trim()
    .replaceAll(/\s+/g, ' ')
    .split(
      /(\s+|(?<=[\w!"'&.,?])-{2,}(?=\w)|\S+?(?:-(?:(?<=[^\d\W]{2}-)|(?<=[^\d\W]-[\w!"'&.,?]-))(?=[^\d\W]-?[^\d\W])|(?=\s|$)|(?<=[\w!"'&.,?])(?=-{2,}\w)))/,
    )
    .filter((chunk) => chunk !== '');
  const lines: string[] = [];
  let line = '';
  for (const chunk of chunks) {
    if (line === '' && chunk.trim() === '') continue;
    if (line.length + chunk.length > width && line !== '') {
      lines.push(line.trimEnd());
      line = '';
      if (chunk.trim() === '') continue;
    }
    line += chunk;
    while (line.length > width && line.trim() !== '') {
      if (line.trimEnd().length <= width) break;
      lines.push(line.slice(0, width));
      line = line.slice(width);
    }
  }
  return line.trim() === '' ? lines : [...lines, line.trimEnd()];
}

function row(left: string, help: string, column: number): string[] {
  const lines = help === '' ? [] : wrapText(help, Math.max(textWidth() - column, 11));
  const indent = ' '.repeat(column);
  if (lines.length === 0) return [`  ${left}`];
  if (left.length > column - 4) return [`  ${left}`, ...lines.map((line) => indent + line)];
  return [`  ${left.padEnd(column - 4)}  ${lines[0]}`, ...lines.slice(1).map((line) => indent + line)];
}

function optionRows(options: readonly PythonOption[]): { left: string; help: string }[] {
  return options
    .filter(({ help }) => help !== undefined)
    .map((option) => ({ left: optionLeft(option), help: option.help! }));
}

function optionLeft(option: PythonOption): string {
  const { flags } = option;
  const names = flags.length === 1 && flags[0]!.length > 2 ? `    ${flags[0]}` : flags.join(', ');
  const value = valueText(option);
  return value === '' ? names : `${names}=${value}`;
}

function valueText(option: PythonOption): string {
  const shown =
    option.shown ??
    (option.choices
      ? `{${option.choices.join(',')}}`
      : option.flags.at(-1)!.replace(/^-+/, '').replaceAll('-', '_').toUpperCase());
  if (option.takes === 'one' || option.takes === 'append') return shown;
  return option.takes === 'optional' ? `[${shown}]` : '';
}

function positionalRow({ name, shown, help }: PythonPositional): { left: string; help: string } {
  return { left: shown ?? name, help: help ?? '' };
}

function optionUsages(options: readonly PythonOption[]): string[] {
  const shown = options.filter(({ help }) => help !== undefined);
  const parts: string[] = [];
  for (const option of shown) {
    const value = valueText(option);
    const text = value === '' ? option.flags[0]! : `${option.flags[0]} ${value}`;
    const others = option.excludes ? shown.filter(({ excludes }) => excludes === option.excludes) : [option];
    if (others.length === 1) parts.push(`[${text}]`);
    else parts.push(`${others[0] === option ? '[' : ''}${text}${others.at(-1) === option ? ']' : ' |'}`);
  }
  return parts;
}

function positionalUsage({ name, shown = name, takes }: PythonPositional): string {
  switch (takes) {
    case 'one':
      return shown;
    case 'optional':
      return `[${shown}]`;
    case 'any':
      return `[${shown} ...]`;
    case 'some':
      return `${shown} [${shown} ...]`;
    default:
      return '...';
  }
}

function textWidth(): number {
  const columns = Number(process.env['COLUMNS']) || process.stdout.columns || 80;
  return columns - 2;
}
