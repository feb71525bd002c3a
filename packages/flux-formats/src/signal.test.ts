import { describe, expect, it } from 'vitest';
import { signalName, signalText } from './signal.ts';

describe('a signal', () => {
  it.each([
    [6, 'SIGABRT', 'Aborted'],
    [9, 'SIGKILL', 'Killed'],
    [15, 'SIGTERM', 'Terminated'],
    [16, 'SIGSTKFLT', 'Stack fault'],
    [29, 'SIGIO', 'I/O possible'],
    [31, 'SIGSYS', 'Bad system call'],
    [99, '99', 'Unknown signal 99'],
  ])('%i is %s, in words %s', (signum, name, text) => {
    expect(signalName(signum)).toBe(name);
    expect(signalText(signum)).toBe(text);
  });

  it.each(Array.from({ length: 31 }, (_, index) => index + 1))('%i has a name and words', (signum) => {
    expect(signalName(signum)).toMatch(/^SIG[A-Z0-9]+$/);
    expect(signalText(signum)).not.toMatch(/^Unknown/);
  });
});
