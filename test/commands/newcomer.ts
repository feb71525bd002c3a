/**
 * Somebody without rights on this machine: who runs the tests, or, where that is root, a user of no account. The
 * repository and Node are then shown to that user at a place that everybody may read.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Typed } from './ebb-command.ts';

const repository = resolve(import.meta.dirname, '..', '..');
const isRoot = process.getuid?.() === 0;
/** `nobody` on most machines; here only a number that is not root's. */
const stranger = 65534;

/** In a mount namespace of its own; what follows are the place of the repository and the words to run. */
const become = `mount --bind "$1" "$2"; cd "$2"; shift 2
exec setpriv --reuid=${stranger} --regid=${stranger} --clear-groups --inh-caps=-all --bounding-set=-all -- "$@"`;

export class Newcomer {
  readonly folder = mkdtempSync(join(tmpdir(), 'ebb-newcomer-'));
  readonly home = join(this.folder, 'home');
  readonly #clone = isRoot ? join(this.folder, 'clone') : repository;

  constructor() {
    for (const folder of [this.home, join(this.folder, 'clone')]) mkdirSync(folder);
    if (isRoot) for (const path of [this.folder, this.home]) chownSync(path, stranger, stranger);
  }

  /** Starts `ebb` with these words, as `npx ebb` does. */
  start(words: readonly string[]): ChildProcess {
    const program = [process.execPath, join(this.#clone, 'packages', 'ebb', 'bin', 'ebb.js'), ...words];
    const [command, ...rest] = isRoot
      ? ['unshare', '--mount', 'sh', '-ec', become, 'become', repository, this.#clone, ...program]
      : program;
    const { PATH } = process.env;
    return spawn(command!, rest, { cwd: '/', env: { PATH, HOME: this.home, NO_COLOR: '1' }, stdio: 'pipe' });
  }

  /** Types a command and waits for its end; never throws for what it says. */
  async type(...words: string[]): Promise<Typed> {
    const child = this.start(words);
    const said = { stdout: '', stderr: '' };
    for (const output of ['stdout', 'stderr'] as const) {
      child[output]!.on('data', (chunk: Buffer) => {
        said[output] += chunk;
      });
    }
    child.stdin!.end();
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    return { code, ...said };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
