/** `flux dump` and `flux restore`: each reads what the other wrote. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { atBothBrokers, type Line } from './both-brokers.ts';

const folder = mkdtempSync(join(tmpdir(), 'compare-archive-'));
const archive = join(folder, 'x.tar');
writeFileSync(join(folder, 'x.toml'), 'a = 1\n');

const commandLines = [
  ['kvs', 'put', 'top.a=1', 'top.b.c=2', `top.long=${'x'.repeat(300)}`, 'top.empty='],
  ['kvs', 'link', 'top.a', 'top.l'],
  ['kvs', 'link', '-T', 'other', 'top.a', 'top.m'],
  ['dump'],
  ['dump', '--help'],
  ['dump', join(folder, 'nosuch', 'x.tar')],
  ['dump', '--maxreqs=0', archive],
  ['dump', '-q', archive],
  ['restore'],
  ['restore', '--help'],
  ['restore', archive],
  ['restore', '--checkpoint', archive],
  ['restore', '--key=z', join(folder, 'nosuch.tar')],
  ['restore', '-q', '--key=z', archive],
  ['restore', '--key=z', archive],
  ['kvs', 'dir', '-R', 'z.top'],
  ['restore', '-q', '--key=few', '--size-limit=100', archive],
  ['kvs', 'dir', '-R', 'few.top'],
  ['restore', '--size-limit=x', '--key=z', archive],
];

atBothBrokers(
  'archives of the KVS',
  commandLines.map(
    (words): Line => ({
      words,
      // Counts pass by; each commits something.
      normalize: (text) =>
        text
          .replaceAll(/\r?flux-(dump|restore): (archived|restored) \d+ keys( \(\d+ blobs\))?/g, '')
          .replaceAll(/sha1-[0-9a-f]{8}/g, 'sha1-HASH'),
    }),
  ),
  ({ run }) => {
    it.each([
      ['ours', 'theirs', 'x1.tar'],
      ['theirs', 'ours', 'x2.tar'],
      ['ours', 'theirs', 'x3.tgz'],
      ['theirs', 'ours', 'x4.tgz'],
    ] as const)('what %s dumps, %s restores', async (dumps, restores, name) => {
      const path = join(folder, name);
      const [written, read] = [`written${name.replace('.', '')}`, `read${name.replace('.', '')}`];
      await run('ours', { words: ['kvs', 'put', `${written}.a=1`, `${written}.b.c=${'long'.repeat(100)}`] });
      await run('ours', { words: ['kvs', 'link', `${written}.a`, `${written}.l`] });
      expect(await run(dumps, { words: ['dump', '-q', path] })).toMatchObject({ exitCode: 0, stderr: '' });
      const restored = await run(restores, { words: ['restore', '-q', `--key=${read}`, path] });
      expect(restored).toMatchObject({ exitCode: 0, stderr: '' });
      const list = (key: string) => run('ours', { words: ['kvs', 'dir', '-R', '-w0', key] });
      const before = (await list(written)).stdout;
      const after = (await list(`${read}.${written}`)).stdout;
      expect(after.replaceAll(`${read}.${written}`, written)).toBe(before);
      expect(before.split('\n')).toHaveLength(4);
    });

    it('names a file that is no archive', async () => {
      const line = { words: ['restore', '--key=z', join(folder, 'x.toml')] };
      const [ours, theirs] = [await run('ours', line), await run('theirs', line)];
      expect(ours.stderr).toContain(theirs.stderr.trimEnd());
      expect(ours.exitCode).toBe(theirs.exitCode);
    });
  },
);
