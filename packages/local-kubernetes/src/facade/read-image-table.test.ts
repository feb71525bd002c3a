import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readImageTable } from './read-image-table.ts';

const folder = mkdtempSync(join(tmpdir(), 'image-table-'));
const file = join(folder, 'images.yaml');
mkdirSync(join(folder, 'lammps'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (text: string) => {
  writeFileSync(file, text);
  return readImageTable(file);
};

describe('the file of images', () => {
  it('maps references to folders beside it, and to this machine', () => {
    const table = read(`
- {image: 'ghcr.io/acme/lammps:*', root: lammps, user: '1000:100', env: {PATH: /bin}, entrypoint: [lmp], workingDir: /work}
- {image: '*', root: host, overlays: {/opt/data: /srv}}
`);
    expect(table).toEqual([
      {
        image: 'ghcr.io/acme/lammps:*',
        root: join(folder, 'lammps'),
        user: '1000:100',
        env: { PATH: '/bin' },
        entrypoint: ['lmp'],
        workingDir: '/work',
      },
      { image: '*', root: 'host', overlays: { '/opt/data': '/srv' } },
    ]);
  });

  it.each([
    ['image: a\nroot: host', ': a list of images is wanted'],
    ['- a', ': [0]: an object with image and root is wanted'],
    ['- {image: a}', ': [0].root is missing: host, or a folder'],
    ['- {root: host}', ': [0].image is missing: a reference'],
    ['- {image: a, root: host}\n- {image: b, root: gone}', `: [1].root: ${join(folder, 'gone')} is no folder`],
    ['- {image: a, root: host, user: 1000}', ': [0].user: USER or USER:GROUP, in quotes is wanted'],
    ['- {image: a, root: host, command: ls}', ': [0].command: a list of words is wanted'],
    ['- {image: a, root: host, cmd: [ls]}', ': [0].cmd: no such field; there are image, root,'],
    ['- {image: a, root: host, workingDir: here}', ': [0].workingDir: an absolute path in the image is wanted'],
    ['- {image: [a', ': '],
  ])('refuses %j by its place and with what is wanted', (text, words) => {
    expect(() => read(text)).toThrow(`${file}${words}`);
  });

  it('tells of a file that is not there', () => {
    expect(() => readImageTable(join(folder, 'none.yaml'))).toThrow(/none\.yaml: no such file$/);
  });
});
