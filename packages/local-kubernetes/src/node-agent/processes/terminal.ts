// A pseudo-terminal of this machine, for a program in a container.

import { closeSync, fchownSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ReadStream } from 'node:tty';
import { openedByNativeCode } from '../host/inherited-descriptors.ts';

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

interface NativePty {
  open(columns: number, rows: number): { master: number; slave: number };
  resize(descriptor: number, columns: number, rows: number): void;
}

let native: NativePty | undefined;

/** @throws Error with the remedy, where the package that makes terminals is not installed */
function loadNative(): NativePty {
  try {
    native ??= createRequire(import.meta.url)('@lydell/node-pty/requireBinary.js').requireBinary(
      'pty.node',
    ) as NativePty;
    return native;
  } catch (cause) {
    throw new Error('tty: a terminal needs the package @lydell/node-pty beside the node agent: npm install it', {
      cause,
    });
  }
}

export class Terminal {
  /** What the program writes is read here, what is written here it reads. Ends when the program's side is closed. */
  readonly stream: ReadStream;
  /** Descriptor of the program's side, until `handedOver`. */
  readonly programSide: number;
  readonly #native: NativePty;
  readonly #descriptor: number;
  readonly #sideIsClosed: () => void;

  /** @param owner user id of the program. @throws Error where terminals cannot be had */
  constructor(owner: number) {
    this.#native = loadNative();
    const { master, slave } = this.#native.open(80, 24);
    this.#descriptor = master;
    this.programSide = slave;
    const isClosed = openedByNativeCode(master);
    this.#sideIsClosed = openedByNativeCode(slave);
    if (owner !== process.getuid?.()) fchownSync(slave, owner, -1);
    this.stream = new ReadStream(master);
    // The end shows as an error: the program's side is closed.
    this.stream.on('error', () => {});
    this.stream.once('close', isClosed);
  }

  /** The program has its side: with its last process the terminal ends. */
  handedOver(): void {
    closeSync(this.programSide);
    this.#sideIsClosed();
  }

  resize({ columns, rows }: TerminalSize): void {
    if (!this.stream.destroyed) this.#native.resize(this.#descriptor, columns, rows);
  }

  /** Hangs up what runs on it. */
  close(): void {
    this.stream.destroy();
  }
}
