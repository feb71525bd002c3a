// Snapshots, checkpoints and archives: `flux dump` and `flux restore` of flux-core read and write our content store.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Instance, startInstance } from '../instance/instance.ts';
import { findRealFlux, runFlux } from './real-flux.ts';
import { type RealInstance, startRealInstance } from './real-instance.ts';

const flux = findRealFlux();
const long = 'abcdefghij'.repeat(40);
let theirs: RealInstance | undefined;
let ours: Instance | undefined;
let folder: string;

describe.skipIf(flux === undefined)('the content store', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dump-'));
    theirs = await startRealInstance(flux!, 1);
    ours = startInstance({ size: 1, socketRanks: [0], statedir: folder });
    await ours.ready();
  });

  afterAll(async () => {
    await ours?.stop();
    await theirs?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('gives an archive that either instance takes back whole', async () => {
    const uris = [theirs!.uri, ours!.uri(0)];
    const run = async (uri: string, ...args: string[]) => {
      const { out, err, code } = await runFlux(flux!, args, uri);
      expect([
        args.join(' '),
        code,
        err.replace(/\r?flux-(dump|restore): (archived|restored|writing).*$/gm, '').trim(),
      ]).toEqual([args.join(' '), 0, '']);
      return out;
    };
    const archives: string[] = [];
    for (const [index, uri] of uris.entries()) {
      await run(uri, 'kvs', 'put', 'top.a=1', 'top.b.c=2', `top.long=${long}`);
      await run(uri, 'kvs', 'put', '--append', 'top.long=tail', 'top.a=x');
      await run(uri, 'kvs', 'link', 'top.a', 'top.link');
      const root = await run(uri, 'kvs', 'getroot');
      await run(uri, 'kvs', 'put', 'top.a=changed');
      expect(await run(uri, 'kvs', 'get', '--at', root.trim(), 'top.a')).toBe('1x\n');
      expect(await run(uri, 'kvs', 'dir', '-R', '--at', root.trim(), 'top')).toContain('top.a = 1x\n');
      await run(uri, 'kvs', 'put', '--sync', 'synced=1');
      const archive = join(folder, `${index}.tar`);
      await run(uri, 'dump', '--quiet', '--checkpoint', archive);
      archives.push(archive);
      expect(await run(uri, 'fsck')).not.toMatch(/error/i);
    }
    const names = (archive: string) =>
      execFileSync('tar', ['tf', archive], { encoding: 'utf8' })
        .split('\n')
        .filter((name) => /^(top|synced)/.test(name))
        .sort();
    expect(names(archives[1]!)).toEqual(names(archives[0]!));
    const seen: string[] = [];
    for (const uri of uris) {
      for (const [index, archive] of archives.entries()) {
        await run(uri, 'restore', '--quiet', `--key=restored${index}`, archive);
        seen.push(await run(uri, 'kvs', 'get', '-t', `restored${index}.top`));
        expect(await run(uri, 'kvs', 'get', `restored${index}.top.long`)).toBe(`${long}tail\n`);
      }
    }
    expect(new Set(seen).size).toBe(1);
  });

  it('is rid of what no root leads to by flux gc', async () => {
    for (const uri of [theirs!.uri, ours!.uri(0)]) {
      const run = async (...words: string[]) => {
        const result = await runFlux(flux!, words, uri);
        expect([words.join(' '), result.code]).toEqual([words.join(' '), 0]);
        return result;
      };
      await run('kvs', 'put', `garbage.long=${long}gone`, 'garbage.kept=1');
      const { out: root } = await run('kvs', 'getroot', '-b');
      await run('kvs', 'unlink', 'garbage.long');
      // A gc leaves alone what is younger than the last checkpoint; five of them are kept.
      for (let i = 0; i < 6; i++) await run('kvs', 'put', '--sync', `garbage.sync=${i}`);
      expect((await run('gc')).err).toMatch(/gc complete: marked \d+, reclaimed [1-9]\d* blobs/);
      await run('content', 'dropcache');
      expect((await runFlux(flux!, ['content', 'load', root.trim()], uri)).code).toBe(1);
      expect((await run('kvs', 'get', 'garbage.kept')).out).toBe('1\n');
      expect((await run('kvs', 'get', 'top.long')).out).toBe(`${long}tail\n`);
      await run('fsck');
    }
  });

  it('stores and loads blobs', async () => {
    for (const uri of [theirs!.uri, ours!.uri(0)]) {
      const root = (await runFlux(flux!, ['kvs', 'getroot', '-b'], uri)).out.trim();
      const { out } = await runFlux(flux!, ['content', 'load', root], uri);
      expect(JSON.parse(out)).toMatchObject({ ver: 1, type: 'dir' });
      const missing = await runFlux(flux!, ['content', 'load', `sha1-${'0'.repeat(40)}`], uri);
      expect(missing).toEqual({
        out: '',
        err: 'flux-content: error loading blob: No such file or directory\n',
        code: 1,
      });
      for (const words of [
        ['content', 'flush'],
        ['content', 'dropcache'],
      ]) {
        expect(await runFlux(flux!, words, uri)).toEqual({ out: '', err: '', code: 0 });
      }
      const refused = await runFlux(flux!, ['restore', '--checkpoint', '/dev/null'], uri);
      expect(refused.err).toContain('please unload kvs module before using --checkpoint');
    }
  });
});
