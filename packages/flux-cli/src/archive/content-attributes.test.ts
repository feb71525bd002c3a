/** -S content.dump and content.restore: an instance goes on from the archive of the one before. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { builtFlux, type FluxCommand, runFlux } from '../compare/run-flux.ts';

let built: { command: FluxCommand; remove(): void };
let folder: string;
beforeAll(async () => {
  built = await builtFlux();
  folder = mkdtempSync(join(tmpdir(), 'content-attributes-'));
});
afterAll(() => {
  built.remove();
  rmSync(folder, { recursive: true, force: true });
});

it.each([
  ['auto', 'auto'],
  ['a file', undefined],
])(
  'what an instance dumps into %s, the next restores',
  async (_, kind) => {
    const state = mkdtempSync(join(folder, 'state-'));
    const place = kind ?? join(state, 'kept.tar');
    const flux = built.command.join(' ');
    const start = (attribute: string, script: string) =>
      runFlux(built.command, ['start', `-Sstatedir=${state}`, `-S${attribute}=${place}`, '/bin/sh', '-c', script], {});
    const first = await start('content.dump', `${flux} kvs put kept.a=1 && ${flux} kvs link kept.a kept.l`);
    expect(first).toMatchObject({ exitCode: 0 });
    const archives = kind === 'auto' ? 'dump' : 'kept.tar';
    for (const name of readdirSync(state)) if (name !== archives) rmSync(join(state, name), { recursive: true });
    const second = await start('content.restore', `${flux} kvs get kept.l`);
    expect(second).toMatchObject({ stdout: '1\n', exitCode: 0 });
    if (kind === 'auto')
      expect(readdirSync(join(state, 'dump'))).toEqual([expect.stringMatching(/^\d{8}_\d{6}\.tgz$/)]);
  },
  60_000,
);
