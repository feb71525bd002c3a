/** The Dockerfiles, as far as they can be held without Docker: what they copy is enough to build, and nobody is root. */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');

describe.each([
  ['operator', 'packages/operator/dist/operator.js'],
  ['flux', 'packages/flux-cli/dist/flux.js'],
])('the image of %s', (name, program) => {
  const lines = readFileSync(join(root, 'deploy', 'docker', `${name}.Dockerfile`), 'utf8').split('\n');

  test('copies all that its build needs', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ebb-image-'));
    try {
      for (const line of lines.filter((text) => /^COPY (?!--from)/.test(text))) {
        const sources = line.split(/\s+/).slice(1, -1);
        for (const source of sources) {
          const filter = (path: string) => !/\/(node_modules|dist)$/.test(path) || path.endsWith('deploy/dist');
          cpSync(join(root, source), join(folder, source), { recursive: true, filter });
        }
      }
      symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
      await promisify(execFile)(process.execPath, ['scripts/build.mjs'], { cwd: folder });
      expect(existsSync(join(folder, program))).toBe(true);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('runs as a user by number, which Kubernetes can tell from root', () => {
    const last = lines.filter((line) => line.startsWith('USER ')).at(-1);
    expect(last).toMatch(/^USER [1-9]\d*(:[1-9]\d*)?$/);
  });
});
