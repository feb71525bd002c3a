import type { RecordedAnswer } from './run-corpus.ts';

/** Where two recorded answers differ, as `path: first | second` lines; values are cut at `longest` characters. */
export function differences(first: RecordedAnswer, second: RecordedAnswer, longest = 400): string[] {
  const lines: string[] = [];
  if (first.code !== second.code)
    return [`code: ${first.code} ${told(first.body)} | ${second.code} ${told(second.body)}`];
  const compare = comparison(lines, longest);
  compare('contentType', first.contentType, second.contentType);
  compare('warnings', first.warnings ?? [], second.warnings ?? []);
  compare('body', first.body, second.body);
  return lines;
}

function comparison(lines: string[], longest: number) {
  return function compare(path: string, a: unknown, b: unknown): void {
    if (isPlain(a) && isPlain(b)) {
      for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) compare(`${path}.${key}`, a[key], b[key]);
    } else if (Array.isArray(a) && Array.isArray(b) && a.length === b.length) {
      for (const [index, value] of a.entries()) compare(`${path}[${index}]`, value, b[index]);
    } else if (JSON.stringify(a) !== JSON.stringify(b)) {
      lines.push(`${path}: ${shown(a, longest)} | ${shown(b, longest)}`);
    }
  };
}

/** What a Status says, and nothing of any other body. */
function told(body: unknown): string {
  return isPlain(body) && body['kind'] === 'Status' ? String(body['message'] ?? '') : '';
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown, longest: number): string {
  const text = JSON.stringify(value) ?? '(absent)';
  return text.length > longest ? `${text.slice(0, longest)}...` : text;
}
