/** Draws a run of the walkthrough as a terminal picture in SVG: what was typed, what came back, what was checked. */
import { succeeds } from './expectations.ts';
import type { StepRecord } from './run-scenario.ts';

const columns = 100;
const lineHeight = 18;
const characterWidth = 8.4;
const padding = 16;
const longestOutput = 12;
/** kubectl's word on pods of several containers; of no use to who looks at a picture. */
const hint = /^Defaulted container /;

type Style = 'typed' | 'output' | 'title' | 'good' | 'bad';

interface Line {
  readonly text: string;
  readonly style: Style;
}

const colours: Record<Style, string> = {
  typed: '#e6edf3',
  output: '#9da7b3',
  title: '#79c0ff',
  good: '#56d364',
  bad: '#ff7b72',
};

/** An SVG document of the steps that are meant for a picture, of all of them where none is, and of each that failed. */
export function drawRecording(records: readonly StepRecord[]): string {
  const chosen = records.filter(({ inPicture, ok }) => inPicture || !ok);
  const steps = chosen.some(({ inPicture }) => inPicture) ? chosen : records;
  const lines = steps.flatMap((record, index) => [...(index === 0 ? [] : [gap]), ...linesOf(record)]).flatMap(wrapped);
  const width = Math.round(columns * characterWidth + 2 * padding);
  const height = lines.length * lineHeight + 2 * padding;
  const rows = lines.map(
    ({ text, style }, index) =>
      `<text x="${padding}" y="${padding + (index + 0.75) * lineHeight}" fill="${colours[style]}"${style === 'title' ? ' font-weight="bold"' : ''}>${escaped(text)}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    '<title>The walkthrough in a terminal: what was typed, what came back, what was checked</title>',
    `<rect width="100%" height="100%" rx="8" fill="#0d1117"/>`,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, 'DejaVu Sans Mono', monospace" font-size="14">`,
    ...rows,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

const gap: Line = { text: '', style: 'output' };

function linesOf(record: StepRecord): Line[] {
  const output = `${record.stdout}${record.stderr}`
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '' && !hint.test(line));
  const shown = output.slice(0, longestOutput);
  const telling = record.expected.filter(({ what, seen }) => seen !== null || what !== succeeds.what);
  return [
    { text: record.title, style: 'title' },
    ...(record.beside ? [{ text: `$ ${record.beside} &`, style: 'typed' as const }] : []),
    { text: `$ ${record.typed}`, style: 'typed' },
    ...record.lines.map((line): Line => ({ text: `> ${line}`, style: 'typed' })),
    ...shown.map((text): Line => ({ text, style: 'output' })),
    ...(output.length > shown.length ? [{ text: '…', style: 'output' as const }] : []),
    ...telling.map(
      ({ what, seen }): Line =>
        seen === null ? { text: `✔ ${what}`, style: 'good' } : { text: `✘ ${what}: ${seen}`, style: 'bad' },
    ),
  ];
}

/** A line that is too long goes on in the next, from a space on where there is one. */
function wrapped({ text, style }: Line): Line[] {
  if (text.length <= columns) return [{ text, style }];
  const space = text.lastIndexOf(' ', columns);
  const end = space > columns / 2 ? space : columns;
  return [{ text: text.slice(0, end), style }, ...wrapped({ text: `  ${text.slice(end).trimStart()}`, style })];
}

/** Spaces that no renderer folds, and no character that XML has none for. */
function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\u0000-\u0020]/g, '\u00a0');
}
