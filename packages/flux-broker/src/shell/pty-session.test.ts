import { spawn } from 'node:child_process';
import { expect, it } from 'vitest';
import { PtySession } from './pty-session.ts';

it('ends with its task, though a program started meanwhile lives on', async () => {
  const shown: Buffer[] = [];
  let session: PtySession | undefined;
  const complete = new Promise<void>((resolve) => {
    session = new PtySession({ capture: (data) => shown.push(data), waitsForClient: false, onComplete: resolve });
  });
  // It would have the terminal open, if that went on to programs.
  const other = spawn('sleep', ['inf'], { stdio: 'ignore' });
  try {
    const task = spawn('/bin/sh', ['-c', 'echo hello >"$0"', session!.path], { stdio: 'ignore' });
    await new Promise((resolve) => task.once('close', resolve));
    session!.exited(0);
    await complete;
    expect(Buffer.concat(shown).toString()).toBe('hello\r\n');
  } finally {
    other.kill('SIGKILL');
  }
});
