/** Sends this process's standard input to the tasks of a job. */
import type { Flux } from '@ebb/flux-client';
import { FluxError } from '@ebb/flux-client';
import { encodeIo, errnoNumber } from '@ebb/flux-formats';
import { CommandError } from '../command-module.ts';

const largestPiece = 1 << 17;

export interface ShellAddress {
  readonly service: string;
  readonly leaderRank: number;
}

export class StandardInput {
  readonly #flux: Flux;
  readonly #shell: ShellAddress;
  readonly #fail: (error: Error) => void;
  #dataWasSent = false;
  #isOver = false;

  /** `fail` is told when the job takes no input. */
  constructor(flux: Flux, shell: ShellAddress, fail: (error: Error) => void) {
    this.#flux = flux;
    this.#shell = shell;
    this.#fail = fail;
  }

  /** Reads on until the input ends or `stop`; `ranks` is an idset or `all`. */
  start(ranks: string): void {
    process.stdin.on('data', (data: Buffer) => {
      for (let at = 0; at < data.length; at += largestPiece) {
        this.#dataWasSent = true;
        this.send(ranks, data.subarray(at, at + largestPiece));
      }
    });
    process.stdin.once('end', () => this.send(ranks, undefined));
    process.stdin.on('error', () => this.send(ranks, undefined));
  }

  /** Sends data, or the end of the input. */
  send(ranks: string, data: Uint8Array | undefined): void {
    if (this.#isOver) return;
    const payload = encodeIo('stdin', ranks, data, data === undefined);
    this.#flux.rpc(`${this.#shell.service}.stdin`, payload, { nodeid: this.#shell.leaderRank }).catch((error) => {
      if (this.#isOver) return;
      if (!(error instanceof FluxError) || error.errno !== errnoNumber('ENOSYS')) {
        this.#fail(new CommandError(`attach_send_shell: ${(error as Error).message}`));
      } else if (this.#dataWasSent) this.#fail(new CommandError('stdin not accepted by job'));
    });
  }

  stop(): void {
    this.#isOver = true;
    process.stdin.removeAllListeners('data');
    process.stdin.pause();
  }
}
