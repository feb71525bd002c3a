import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandWords, hereDocument, quote, userCode } from './shell-text.ts';

const bash = (script: string) =>
  spawnSync('bash', ['--norc', '-c', script], { encoding: 'utf8', env: { PATH: process.env['PATH'], NAME: 'a b' } });
const words = (command: string) => bash(`eval ${quote(`printf '<%s>' ${commandWords(command)}`)}`).stdout;

describe('commandWords', () => {
  it.each([
    ['echo hello world', '<echo><hello><world>'],
    [`sh -c 'sleep 1; echo $X'`, '<sh><-c><sleep 1; echo $X>'],
    ['echo "a b" c', '<echo><a b><c>'],
    ['a && b | c > d; e & f', '<a><&&><b><|><c><>><d;><e><&><f>'],
    ['echo $NAME "$NAME"', '<echo><a><b><a b>'],
    ['echo \\$NAME', '<echo><$NAME>'],
    ["echo it's", "<echo><it's>"],
    ['echo $(echo "x y")', '<echo><x><y>'],
    ['echo ${NAME:-z}', '<echo><a><b>'],
    ['one \\\n  two\nthree', '<one><two><three>'],
    ['find . # all', '<find><.><#><all>'],
    ['trailing \\', '<trailing><\\>'],
  ])('%s', (command, expected) => {
    expect(words(command)).toBe(expected);
  });

  it('never runs a second command, whatever is written', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            'a',
            ' ',
            ';',
            '&',
            '|',
            '(',
            ')',
            '{',
            '}',
            "'",
            '"',
            '\\',
            '\n',
            '#',
            '<',
            '>',
            '!',
            '~',
            '=',
            '*',
          ),
          { maxLength: 12 },
        ),
        (parts) => {
          const run = bash(
            `true() { :; }; set -f; eval ${quote(`printf '' ${commandWords(parts.join(''))}`)}; echo "status $?"`,
          );
          expect(run.stderr).toBe('');
          expect(run.stdout).toBe('status 0\n');
        },
      ),
      { numRuns: 150 },
    );
  });
});

it('quotes any text', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 20 }).filter((text) => !text.includes('\0')),
      (text) => {
        expect(bash(`printf %s ${quote(text)}`).stdout).toBe(text);
      },
    ),
    { numRuns: 100 },
  );
});

it('keeps a text that holds the end mark of a here-document', () => {
  const text = 'a $HOME `x`\nEND_OF_TEXT\nb\n';
  expect(bash(`f=$(mktemp)\n${hereDocument('"$f"', text, false)}\ncat "$f"; rm "$f"`).stdout).toBe(text);
});

it('runs user code in the script’s own shell', () => {
  expect(bash(`${userCode('x', 'cd /tmp; v="it\'s"', false)}\npwd; echo $v`).stdout).toBe("/tmp\nit's\n");
});
