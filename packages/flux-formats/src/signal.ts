/** Signals in words, as strsignal(3) of the GNU C library gives them; flux-core prints these of jobs, tasks and programs. */
import { constants } from 'node:os';

const descriptions: Readonly<Record<string, string>> = {
  SIGHUP: 'Hangup',
  SIGINT: 'Interrupt',
  SIGQUIT: 'Quit',
  SIGILL: 'Illegal instruction',
  SIGTRAP: 'Trace/breakpoint trap',
  SIGABRT: 'Aborted',
  SIGBUS: 'Bus error',
  SIGFPE: 'Floating point exception',
  SIGKILL: 'Killed',
  SIGUSR1: 'User defined signal 1',
  SIGSEGV: 'Segmentation fault',
  SIGUSR2: 'User defined signal 2',
  SIGPIPE: 'Broken pipe',
  SIGALRM: 'Alarm clock',
  SIGTERM: 'Terminated',
  SIGSTKFLT: 'Stack fault',
  SIGCHLD: 'Child exited',
  SIGCONT: 'Continued',
  SIGSTOP: 'Stopped (signal)',
  SIGTSTP: 'Stopped',
  SIGTTIN: 'Stopped (tty input)',
  SIGTTOU: 'Stopped (tty output)',
  SIGURG: 'Urgent I/O condition',
  SIGXCPU: 'CPU time limit exceeded',
  SIGXFSZ: 'File size limit exceeded',
  SIGVTALRM: 'Virtual timer expired',
  SIGPROF: 'Profiling timer expired',
  SIGWINCH: 'Window changed',
  SIGIO: 'I/O possible',
  SIGPWR: 'Power failure',
  SIGSYS: 'Bad system call',
};

// Some numbers have a second name (SIGIOT, SIGPOLL); the one that is described is meant.
const names = new Map(
  Object.entries(constants.signals)
    .filter(([name]) => name in descriptions)
    .map(([name, signum]) => [signum, name]),
);

/** `SIGTERM` for 15; the number itself where it is no signal of this system. */
export function signalName(signum: number): string {
  return names.get(signum) ?? String(signum);
}

/** `Terminated` for 15. */
export function signalText(signum: number): string {
  return descriptions[names.get(signum) ?? ''] ?? `Unknown signal ${signum}`;
}
