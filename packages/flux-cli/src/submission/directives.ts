/** Submission directives of batch scripts, RFC 36: options in lines that begin with `flux:` after a comment sign. */

export interface Directive {
  /** Where it begins, counted from 1. */
  readonly line: number;
  readonly words: readonly string[];
}

/** What is wrong with a script's directives; the message names the line. */
export class DirectiveError extends Error {}

const sentinelLine = /^([^\w]*)((?:flux|FLUX):)(.*)$/;

interface OpenQuote {
  readonly quotes: string;
  readonly indent: string;
  readonly start: string;
  readonly line: number;
  readonly lines: string[];
}

/** The option words of a script in their order. @throws DirectiveError */
export function parseDirectives(script: string): Directive[] {
  const directives: Directive[] = [];
  let sentinel: string | undefined;
  let prefix = '';
  let endedAfter: number | undefined;
  let open: OpenQuote | undefined;
  for (const [index, text] of script.split('\n').entries()) {
    const line = index + 1;
    const match = sentinelLine.exec(text);
    if (!match) {
      if (open) {
        throw new DirectiveError(`line ${line}: unterminated multi-line quote at line ${open.line}: \`${open.start}'`);
      }
      const isOver = sentinel !== undefined && !text.startsWith(prefix.trimEnd()) && text.trim() !== '';
      if (isOver) endedAfter ??= line - 1;
      continue;
    }
    const [, before, tag, rest] = match as unknown as [string, string, string, string];
    if (endedAfter !== undefined) {
      throw new DirectiveError(`line ${line}: orphan '${tag}' detected: directives disabled after line ${endedAfter}`);
    }
    const value = closeTripleQuotes(rest, line);
    if (sentinel === undefined) {
      sentinel = before + tag;
      prefix = before;
    } else if (before + tag !== sentinel)
      throw new DirectiveError(changedSentinel(line, sentinel, before + tag, value));
    if (/("""|''')$/.test(value)) {
      const quotes = value.slice(-3);
      if (!open) {
        const start = value.trimStart();
        const indent = value.slice(0, value.length - start.length);
        open = { quotes, indent, start, line, lines: [start.slice(0, -3)] };
      } else if (quotes === open.quotes) {
        open.lines.push(withoutIndent(value.slice(0, -3), open.indent));
        const [first, ...body] = open.lines;
        add(directives, `${first}${shellQuote(body.join('\n'))}`, open.line);
        open = undefined;
      } else open.lines.push(withoutIndent(value, open.indent));
    } else if (open) open.lines.push(withoutIndent(value, open.indent));
    else if (value !== '') add(directives, value, line);
  }
  return directives;
}

function add(directives: Directive[], text: string, line: number): void {
  const words = splitShellWords(text, line);
  if (words.length === 0) return;
  if (!words[0]!.startsWith('-')) throw new DirectiveError(`line ${line}: Unknown directive: ${text}`);
  directives.push({ line, words });
}

function withoutIndent(text: string, indent: string): string {
  return text.startsWith(indent) ? text.slice(indent.length) : text;
}

// Triple quotes that open and close in one line become one shell word.
function closeTripleQuotes(text: string, line: number): string {
  const isPaired = (quotes: string) => {
    const count = text.split(quotes).length - 1;
    return count > 0 && count % 2 === 0;
  };
  if (isPaired('"""') || isPaired("'''")) {
    return text.replaceAll(/("""|''')(.*)\1/g, (_, _quotes: string, inner: string) => shellQuote(inner));
  }
  if (/("""|''')./.test(text)) throw new DirectiveError(`line ${line}: unclosed triple quote: ${text.trim()}`);
  return text;
}

function shellQuote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`;
}

/** Words as a shell splits them, up to a comment. @throws DirectiveError for a quote that is not closed */
export function splitShellWords(text: string, line: number): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (character === '#') break;
    else if (character === '\\') {
      if (at + 1 >= text.length) throw new DirectiveError(`line ${line}: ${text}: No escaped character`);
      word = (word ?? '') + text[++at];
    } else if (character === '"' || character === "'") {
      word ??= '';
      for (at++; text[at] !== character; at++) {
        if (at >= text.length) throw new DirectiveError(`line ${line}: ${text}: No closing quotation`);
        // Within quotes a backslash stands for itself but before that quote or another backslash.
        if (text[at] === '\\' && (text[at + 1] === character || text[at + 1] === '\\')) at++;
        word += text[at];
      }
    } else word = (word ?? '') + character;
  }
  return word === undefined ? words : [...words, word];
}

function changedSentinel(line: number, from: string, to: string, value: string): string {
  return `line ${line}: sentinel changed from '${from}' to '${to}'

All directives in a file must use the same sentinel.

If you're trying to disable this directive, place a comment
character AFTER the sentinel, not in the prefix:

  ${from} # ${value.trimStart()}

The '#' character comments out the rest of the line, making
this directive a no-op while maintaining the same sentinel.`;
}
