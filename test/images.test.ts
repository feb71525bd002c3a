/**
 * The Dockerfiles, as far as they can be held without Docker: what reaches them is enough to build, the same source makes
 * the same program wherever it is built, bases stand by digest, and nobody is root.
 */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { buildContext } from './images/build-context.ts';

const root = resolve(import.meta.dirname, '..');

describe.each([
  ['operator', 'packages/operator/dist'],
  ['flux', 'packages/flux-cli/dist'],
])('the image of %s', (name, dist) => {
  const text = readFileSync(join(root, 'deploy', 'docker', `${name}.Dockerfile`), 'utf8');
  const lines = text.replaceAll('\\\n', ' ').split('\n');

  test('is built of what reaches its build, to the same bytes as here', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ebb-image-'));
    try {
      const context = buildContext(root);
      for (const line of lines.filter((each) => /^COPY (?!--from)/.test(each))) {
        for (const source of line.split(/\s+/).slice(1, -1)) {
          const copied = context.filter((path) => path === source || path.startsWith(`${source}/`));
          expect(copied, source).not.toEqual([]);
          for (const path of copied) {
            mkdirSync(dirname(join(folder, path)), { recursive: true });
            cpSync(join(root, path), join(folder, path));
          }
        }
      }
      await laid(join(root, 'node_modules'), join(folder, 'node_modules'));
      const built = await promisify(execFile)(process.execPath, ['scripts/build.mjs'], { cwd: folder });
      expect(built.stderr).toBe('');
      expect(programsIn(join(folder, dist))).toEqual(programsIn(join(root, dist)));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('names its bases by digest, and takes its time from whoever releases it', () => {
    const bases = lines.filter((line) => line.startsWith('FROM ')).map((line) => line.split(' ')[1]!);
    const given = lines
      .slice(
        0,
        lines.findIndex((line) => line.startsWith('FROM ')),
      )
      .join('\n');
    for (const base of bases)
      expect(given).toMatch(
        new RegExp(`^ARG ${base.replace(/^\$\{(\w+)\}$/, '$1')}=\\S+:\\S+@sha256:[0-9a-f]{64}$`, 'm'),
      );
    expect(lines).toContain('ARG SOURCE_DATE_EPOCH=0');
    const copied = lines.filter((line) => line.startsWith('COPY --from=build ')).map((line) => line.split(' ')[2]!);
    const last = lines.findLast((line) => line.startsWith('RUN '));
    for (const path of copied)
      expect(last).toContain(`find ${path} -exec touch --no-dereference --date="@\${SOURCE_DATE_EPOCH}"`);
  });

  test('installs by the lock file, and runs nothing of the packages', () => {
    const installs = lines.flatMap((line) => line.match(/npm (ci|install|i)\b[^&]*/g) ?? []);
    expect(installs).not.toEqual([]);
    for (const each of installs) expect(each).toMatch(/^npm ci .*--ignore-scripts/);
  });

  test('runs as a user by number, which Kubernetes can tell from root', () => {
    const last = lines.filter((line) => line.startsWith('USER ')).at(-1);
    expect(last).toMatch(/^USER [1-9]\d*(:[1-9]\d*)?$/);
  });
});

/** Whole, as npm lays it: packages of the workspace are links to where its sources are. */
async function laid(source: string, target: string): Promise<void> {
  const run = promisify(execFile);
  // Links of another file system's files cannot be.
  await run('cp', ['--archive', '--link', source, target]).catch(() => run('cp', ['--archive', source, target]));
}

/** Text by name. */
function programsIn(folder: string): Record<string, string> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.js'));
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}
