import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AttributeStore } from '../attributes/attribute-store.ts';
import { makeDirectory } from './directories.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'directories-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function make(path?: string) {
  const attributes = new AttributeStore();
  if (path !== undefined) attributes.set('rundir', path);
  return makeDirectory(attributes, 'rundir', folder);
}

describe('the directory of a broker', () => {
  it.each([
    ['a temporary one', undefined],
    ['one that is named', 'a/b'],
  ])('is the owner’s alone: %s', (_, name) => {
    const umask = process.umask(0);
    try {
      const { path } = make(name && join(folder, name));
      expect(statSync(path).mode & 0o777).toBe(0o700);
    } finally {
      process.umask(umask);
    }
  });

  it('goes when the broker ends, unless it was there before', () => {
    const ours = make();
    ours.cleanUp();
    expect(statSync(ours.path, { throwIfNoEntry: false })).toBeUndefined();
    const before = join(folder, 'before');
    mkdirSync(before, { mode: 0o700 });
    make(before).cleanUp();
    expect(statSync(before).isDirectory()).toBe(true);
  });

  it('is refused where it is none, or not to be used', () => {
    const path = join(folder, 'it');
    writeFileSync(path, '');
    expect(() => make(path)).toThrow('Not a directory');
    rmSync(path);
    mkdirSync(path);
    chmodSync(path, 0o500);
    expect(() => make(path)).toThrow('does not have owner=rwx permissions');
  });

  it.runIf(process.getuid?.() === 0)('is refused where it is another’s', () => {
    const path = join(folder, 'theirs');
    mkdirSync(path, { mode: 0o777 });
    chownSync(path, 65_534, 65_534);
    expect(() => make(path)).toThrow('is not owned by instance owner');
  });
});
