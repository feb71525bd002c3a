import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writeAtomically } from './atomic-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'atomic-folder-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const file = (path: string, text: string, mode = 0o644) => ({ path, content: Buffer.from(text), mode });
function folder(name: string): string {
  const place = join(root, name);
  mkdirSync(place);
  return place;
}
const visible = (place: string) => readdirSync(place).filter((name) => !name.startsWith('..'));

describe('a folder whose files change at once', () => {
  it('shows them through one link, and is left alone while they are the same', () => {
    const place = folder('same');
    const files = [file('a', '1'), file('deep/er/b', '2', 0o600)];
    writeAtomically(place, files, undefined);
    const target = readlinkSync(join(place, '..data'));
    expect(readlinkSync(join(place, 'a'))).toBe('..data/a');
    expect(readFileSync(join(place, 'deep/er/b'), 'utf8')).toBe('2');
    expect(statSync(join(place, 'deep/er/b')).mode & 0o777).toBe(0o600);
    writeAtomically(place, files, undefined);
    expect(readlinkSync(join(place, '..data'))).toBe(target);
  });

  it.each([
    ['content', [file('a', '2'), file('b', '2')]],
    ['mode', [file('a', '1', 0o600), file('b', '2')]],
    ['file less', [file('a', '1')]],
    ['file more', [file('a', '1'), file('b', '2'), file('c', '3')]],
    ['file in place of another', [file('a', '1'), file('c', '2')]],
  ])('has another %s', (what, after) => {
    const place = folder(what);
    writeAtomically(place, [file('a', '1'), file('b', '2')], undefined);
    const before = readlinkSync(join(place, '..data'));
    writeAtomically(place, after, undefined);
    const target = readlinkSync(join(place, '..data'));
    expect(target).not.toBe(before);
    expect(visible(place)).toEqual(after.map(({ path }) => path));
    for (const { path, content, mode } of after) {
      expect(readFileSync(join(place, path))).toEqual(content);
      expect(statSync(join(place, path)).mode & 0o777).toBe(mode);
    }
    expect(
      readdirSync(place)
        .filter((name) => name.startsWith('..'))
        .sort(),
    ).toEqual(['..data', target].sort());
  });

  it('is made whole again after one who was killed at it', () => {
    const place = folder('killed');
    writeAtomically(place, [file('a', '1')], undefined);
    mkdirSync(join(place, '..half'));
    symlinkSync('..half', join(place, '..data_tmp'));
    writeAtomically(place, [file('a', '2')], undefined);
    expect(readFileSync(join(place, 'a'), 'utf8')).toBe('2');
    expect(readdirSync(place).sort()).toEqual(['..data', readlinkSync(join(place, '..data')), 'a'].sort());
  });
});
