/** `flux R`, which needs no broker. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtFlux, type FluxCommand, realFlux, runFlux } from './run-flux.ts';

const folder = mkdtempSync(join(tmpdir(), 'flux-R-'));
const config = join(folder, 'resource.toml');
writeFileSync(
  config,
  [
    '[[resource.config]]\nhosts = "h[10-14]"\ncores = "0-3"',
    '[[resource.config]]\nhosts = "h[10-11]"\nproperties = ["slow"]',
    '[[resource.config]]\nhosts = "h14"\ngpus = "0"',
  ].join('\n'),
);
const empty = join(folder, 'empty.toml');
writeFileSync(empty, '[resource]\nnoverify = true\n');

function set(rank: string, core: string, host: string): string {
  return JSON.stringify({
    version: 1,
    execution: { R_lite: [{ rank, children: { core } }], starttime: 0, expiration: 0, nodelist: [host] },
  });
}

const two = set('0-1', '0-3', 'h[0-1]') + set('1-2', '0-1', 'h[1-2]');
const whole = set('0-3', '0-3', 'h[0-3]');

const lines: readonly (readonly [input: string, words: string])[] = [
  ...['', '--help', 'nosuch', '-z', '-z encode', 'decode', 'append', 'encode -r x', 'encode -H [x'].map(
    (words) => ['', words] as const,
  ),
  ...['encode -r 0-3 -c 0-7 -g 0-1 -H h[0-3]', 'encode -p foo -p bar:0', 'encode -p foo:7', 'encode -p a^b'].map(
    (words) => ['', words] as const,
  ),
  ...[`parse-config ${config}`, `parse-config ${empty}`, 'parse-config /nosuch', 'parse-config', 'verify'].map(
    (words) => ['', words] as const,
  ),
  ...['append', 'diff', 'intersect', 'remap', 'rerank h[2,0,1]', 'rerank h[0-4]', 'rerank h0', 'rerank', 'verify'].map(
    (words) => [two, words] as const,
  ),
  ...['decode -s -n -r', 'decode -i 0-1', 'decode -x 0-1 -s', 'decode -i x', 'decode -p foo', 'decode -p ^foo'].map(
    (words) => [two, words] as const,
  ),
  ...['set-property foo:0 bar', 'set-property foo:9', 'set-property'].map((words) => [two, words] as const),
  ...['decode', 'append', 'diff', 'verify', 'verify --help', 'parse-config --help'].map(
    (words) => [whole, words] as const,
  ),
  ...[
    set('1', '0-3', 'h1'),
    set('1', '0-1', 'h1'),
    set('1', '0-5', 'h1'),
    set('1', '0-3', 'x'),
    set('7', '0', 'h7'),
  ].map((found) => [whole + found, 'verify'] as const),
];

/** The kinds of a node stand in no certain order in what flux-core prints. */
function inOrder(text: string): string {
  return text.replaceAll(/("gpu": "[^"]*"), ("core": "[^"]*")/g, '$2, $1');
}

describe.skipIf(!realFlux())('flux R beside that of flux-core', () => {
  let built: { command: FluxCommand; remove(): void };
  beforeAll(async () => {
    built = await builtFlux();
  }, 60_000);
  afterAll(() => {
    built.remove();
    rmSync(folder, { recursive: true });
  });

  it.each(lines)(
    'of %s: %s',
    async (input, text) => {
      const words = ['R', ...text.split(' ').filter((word) => word !== '')];
      const [theirs, ours] = await Promise.all([
        runFlux(realFlux()!, words, { input }),
        runFlux(built.command, words, { input }),
      ]);
      expect(ours).toEqual({ ...theirs, stdout: inOrder(theirs.stdout) });
    },
    30_000,
  );
});
