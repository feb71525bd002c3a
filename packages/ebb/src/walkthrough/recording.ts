/** Draws a run of the walkthrough as a terminal picture in SVG. */
import type { StepRecord } from './run-scenario.ts';

const columns = 100;
const lineHeight = 18;
const characterWidth = 8.4;
const padding = 16;
const longestOutput = 12;

interface Line {
  readonly text: string;
  readonly style: 'typed' | 'output' | 'title' | 'good' | 'bad';
}

const colours: Record<Line['style'], string> = {
  typed: '#e6edf3',
  output: '#9da7b3',
  title: '#79c0ff',
  good: '#56d364',
  bad: '#ff7b72',
};

/** An SVG document of the steps: title, what was typed, what came back (the first lines), what was checked. */
export function drawRecording(records: readonly StepRecord[]): string {
  const lines = records.flatMap(linesOf);
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
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, 'DejaVu Sans Mono', monospace" font-size="14" xml:space="preserve">`,
    ...rows,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

function linesOf(record: StepRecord): Line[] {
  const output = `${record.stdout}${record.stderr}`
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '');
  const shown = output.slice(0, longestOutput);
  return [
    { text: record.title, style: 'title' },
    { text: `$ ${record.typed}`, style: 'typed' },
    ...record.lines.map((line): Line => ({ text: `> ${line}`, style: 'typed' })),
    ...shown.map((text): Line => ({ text, style: 'output' })),
    ...(output.length > shown.length ? [{ text: '…', style: 'output' as const }] : []),
    ...record.expected.map(
      ({ what, seen }): Line =>
        seen === null ? { text: `✔ ${what}`, style: 'good' } : { text: `✘ ${what}: ${seen}`, style: 'bad' },
    ),
    { text: '', style: 'output' },
  ];
}

function escaped(text: string): string {
  const cut = text.length > columns ? `${text.slice(0, columns - 1)}…` : text;
  return cut
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\u0000-\u001f]/g, ' ');
}
