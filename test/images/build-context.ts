/** What `docker build` gives a Dockerfile of this repository: the files of a clone that .dockerignore lets through. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Rule {
  readonly pattern: RegExp;
  readonly isBackAgain: boolean;
}

/** Paths from `root`; new files that git does not ignore count too. */
export function buildContext(root: string): string[] {
  const words = ['ls-files', '--cached', '--others', '--exclude-standard'];
  const files = execFileSync('git', words, { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean);
  const rules = rulesOf(readFileSync(join(root, '.dockerignore'), 'utf8'));
  return files.filter((file) => !isIgnored(file, rules));
}

/** As Docker reads the file: the last rule that matches a path, or a folder above it, decides. */
function isIgnored(file: string, rules: readonly Rule[]): boolean {
  const parts = file.split('/');
  const paths = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  return rules.findLast(({ pattern }) => paths.some((path) => pattern.test(path)))?.isBackAgain === false;
}

function rulesOf(text: string): Rule[] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const isBackAgain = line.startsWith('!');
    const glob = (isBackAgain ? line.slice(1) : line).replace(/^\/|\/$/g, '');
    const pattern = glob
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('**/', '\0')
      .replaceAll('*', '[^/]*')
      .replaceAll('\0', '(.*/)?');
    return { pattern: new RegExp(`^${pattern}$`), isBackAgain };
  });
}
