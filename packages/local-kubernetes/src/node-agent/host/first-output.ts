import type { ChildProcess } from 'node:child_process';

/** Resolves with the first line that a process writes. @throws when it ends before */
export function firstOutput(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.stdout!.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`ended with ${code ?? signal} before it was ready`)));
  });
}
