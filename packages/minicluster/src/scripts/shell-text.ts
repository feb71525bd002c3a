/** Putting text into shell scripts so that it means there what its writer meant, and nothing else. */

/** The text as one word of a POSIX shell, whatever is in it. */
export function quote(text: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * A user's command line as words for the shell's `eval`: quotes and `$` mean what they mean in a shell, but nothing in
 * it ends the command, pipes, redirects or starts another one, because the whole line is one program's arguments. A
 * quote that is never closed is an ordinary character.
 */
export function commandWords(command: string): string {
  const text = command.trim();
  let out = '';
  let at = 0;
  while (at < text.length) {
    const char = text[at] ?? '';
    const next = text[at + 1] ?? '';
    if (char === '\\') {
      // A line that is continued is one line; a lone backslash at the end stays itself.
      if (next === '\n') out += ' ';
      else out += next === '' ? '\\\\' : char + next;
      at += 2;
    } else if (char === "'" || char === '"' || char === '`') {
      const end = closing(text, at);
      out += end < 0 ? `\\${char}` : text.slice(at, end + 1);
      at = end < 0 ? at + 1 : end + 1;
    } else if (char === '$' && (next === '(' || next === '{')) {
      const end = balanced(text, at + 1);
      out += end < 0 ? '\\$' : text.slice(at, end + 1);
      at = end < 0 ? at + 1 : end + 1;
    } else if (char === '\n' || char === '\r') {
      out += ' ';
      at += 1;
    } else {
      out += ';&|<>(){}#!~'.includes(char) ? `\\${char}` : char;
      at += 1;
    }
  }
  return out;
}

/** Index of the quote that closes the one at `start`, or -1. */
function closing(text: string, start: number): number {
  const mark = text[start];
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\' && mark !== "'") at += 1;
    else if (mark === '"' && text[at] === '$' && text[at + 1] === '(') {
      const end = balanced(text, at + 1);
      if (end < 0) return -1;
      at = end;
    } else if (text[at] === mark) return at;
  }
  return -1;
}

/** Index of the bracket that closes the one at `start`, quotes inside respected, or -1. */
function balanced(text: string, start: number): number {
  const open = text[start] ?? '';
  const close = open === '(' ? ')' : '}';
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const char = text[at] ?? '';
    if (char === '\\') at += 1;
    else if (char === "'" || char === '"') {
      const end = closing(text, at);
      if (end < 0) return -1;
      at = end;
    } else if (char === open) depth += 1;
    else if (char === close) {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return -1;
}

/** A here-document of the text; with `expand` the shell expands `$` and back quotes in it first. */
export function hereDocument(file: string, text: string, expand: boolean): string {
  let mark = 'END_OF_TEXT';
  while (text.split('\n').includes(mark)) mark += '_';
  const body = text.endsWith('\n') ? text : `${text}\n`;
  return `cat > ${file} <<${expand ? mark : `'${mark}'`}\n${body}${mark}`;
}

/** Runs a user's shell code in the script's own shell, so that variables and directories stay; nothing if it is empty. */
export function userCode(label: string, code: string, quiet: boolean): string {
  if (code.trim() === '') return '';
  return `\n# ${label}\neval ${quote(code.trimEnd())}${quiet ? ' > /dev/null 2>&1' : ''}\n`;
}
