import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { firstOutput } from './first-output.ts';
import { rewriteInPlace } from './rewrite-in-place.ts';

const folder = mkdtempSync(join(tmpdir(), 'rewrite-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('is the same file with another text, longer or shorter', () => {
  const path = join(folder, 'same');
  rewriteInPlace(path, 'first\n');
  const { ino } = statSync(path);
  for (const text of ['a longer one\n', 'short\n', '']) {
    rewriteInPlace(path, text);
    expect(readFileSync(path, 'utf8')).toBe(text);
    expect(statSync(path).ino).toBe(ino);
  }
});

it('is never without what both texts begin with to one who reads it meanwhile', async () => {
  const path = join(folder, 'read');
  const head = '127.0.0.1\tlocalhost\n10.0.0.9\tweb-0\n';
  const texts = [head, `${head}${'10.0.0.1\tone\n10.0.0.2\ttwo\n'.repeat(40)}`];
  writeFileSync(path, texts[0]!);
  const reader = spawn(
    process.execPath,
    [
      '-e',
      `const { readFileSync } = require('node:fs');
       let isOver = false;
       process.stdin.on('end', () => { isOver = true; }).resume();
       let [reads, seen] = [0, new Set()];
       console.log('ready');
       const read = () => {
         for (let times = 0; times < 100; times++, reads++) {
           const text = readFileSync(process.argv[1], 'utf8');
           if (!text.startsWith(process.argv[2])) seen.add(text);
         }
         if (isOver) console.log(JSON.stringify({ reads, seen: [...seen] }));
         else setImmediate(read);
       };
       read();`,
      path,
      head,
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  await firstOutput(reader);
  for (let round = 0; round < 20_000; round++) rewriteInPlace(path, texts[round % 2]!);
  const told = new Promise<string>((resolve) => reader.stdout.once('data', (chunk: Buffer) => resolve(String(chunk))));
  reader.stdin.end();
  const { reads, seen } = JSON.parse(await told) as { reads: number; seen: string[] };
  expect(reads).toBeGreaterThan(100);
  expect(seen).toEqual([]);
});
