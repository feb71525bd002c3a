/** The end of a job in words and as an exit status. */
import { constants } from 'node:os';

export interface JobEnd {
  readonly exitCode: number;
  /** Undefined when the job ended well. */
  readonly text: string | undefined;
}

/** Of a wait status as of `waitpid`. Over 128 the exit code of the job is that of a signal that ended tasks. */
export function jobEnd(waitStatus: number): JobEnd {
  const signal = waitStatus & 0x7f;
  if (signal !== 0) return { exitCode: 128 + signal, text: `job shell ${signalText(signal)}` };
  const exitCode = (waitStatus >> 8) & 0xff;
  if (exitCode > 128) return { exitCode, text: `task(s) ${signalText(exitCode - 128)}` };
  return { exitCode, text: exitCode > 0 ? `task(s) exited with exit code ${exitCode}` : undefined };
}

/** strsignal(3) of Linux. */
export function signalText(signal: number): string {
  const name = Object.entries(constants.signals).find(([, number]) => number === signal)?.[0];
  return (name && texts[name]) ?? `Unknown signal ${signal}`;
}

const texts: Readonly<Record<string, string>> = {
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
