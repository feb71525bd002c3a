// Runs a short program to its end.

import { spawn } from 'node:child_process';

/** A program ended with another code than 0. */
export class CommandError extends Error {
  readonly exitCode: number;

  constructor(command: string, exitCode: number, output: string) {
    super(`${command} ended with ${exitCode}: ${output.trim().slice(0, 500)}`);
    this.name = 'CommandError';
    this.exitCode = exitCode;
  }
}

/** @throws {CommandError} and what spawn throws when there is no such program */
export function runCommand(command: string, args: readonly string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    let out = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk));
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk));
    child.stdin.on('error', () => {});
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(out);
      else reject(new CommandError([command, ...args].join(' '), code ?? 1, errors || out));
    });
    child.stdin.end(input);
  });
}
