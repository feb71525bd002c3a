// The initial program of an instance (rc2): what `flux start PROGRAM` runs on rank 0, or the user's shell.
import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { constants as osConstants } from 'node:os';
import { basename } from 'node:path';
import { signalText } from '@ebb/flux-formats';
import type { InitialProgram } from '../broker-options.ts';

const shells = new Set(['sh', 'bash', 'dash', 'zsh', 'csh', 'tcsh', 'ksh', 'fish']);

/** Variables that belong to the enclosing job or instance and must not reach the program. */
const blocked = [
  /^FLUX_(JOB_ID|ENCLOSING_ID|JOB_SIZE|JOB_NNODES|JOB_TMPDIR|TASK_RANK|TASK_LOCAL_ID|URI|KVS_NAMESPACE)$/,
  /^FLUX_(PROXY_REMOTE|PMI_LIBRARY_PATH)$/,
  /^(PMI|PMIX|SLURM|PALS)_/,
  /^(I_MPI_PMI_LIBRARY|NOTIFY_SOCKET)$/,
];

export interface CommandForm {
  command: string;
  args: string[];
  isInteractive: boolean;
}

/** How the words behind the options are run: as they are, by the shell, or as a shell. @throws {Error} without a tty */
export function chooseForm(words: readonly string[], shell: string, hasTerminal: boolean): CommandForm {
  const isShell = words.length === 1 && shells.has(basename(words[0]!)) && !/\s/.test(words[0]!);
  if (words.length === 0 || isShell) {
    if (!hasTerminal) throw new Error("stdin is not a tty - can't run interactive shell");
    return { command: words[0] ?? shell, args: [], isInteractive: true };
  }
  const [command, ...args] = words as [string, ...string[]];
  if (words.length > 1 || isProgram(command)) return { command, args, isInteractive: false };
  return { command: shell, args: ['-c', command], isInteractive: false };
}

export function programEnvironment(
  environment: NodeJS.ProcessEnv,
  added: Readonly<Record<string, string>>,
): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(([name]) => !blocked.some((pattern) => pattern.test(name)));
  return { ...Object.fromEntries(kept), ...added };
}

export function initialProgram(form: CommandForm): InitialProgram {
  let child: ChildProcess | undefined;
  let ended: string | undefined;
  return {
    get ended() {
      return ended;
    },
    run(added) {
      return new Promise((resolve, reject) => {
        child = spawn(form.command, form.args, {
          stdio: 'inherit',
          env: programEnvironment(process.env, added),
          // A group of its own, so that all of it can be ended; a shell on a terminal makes its own.
          detached: !form.isInteractive,
        });
        child.once('error', (error: NodeJS.ErrnoException) => {
          if (error.code !== 'ENOENT' && error.code !== 'EACCES') return reject(error);
          process.stderr.write(`flux-broker: ${form.command}: ${error.message}\n`);
          resolve(error.code === 'ENOENT' ? 127 : 126);
        });
        child.once('exit', (code, signal) => {
          const how = signal ? signalText(osConstants.signals[signal]) : 'Exited';
          ended = `${[form.command, ...form.args].join(' ')} ${how}`;
          resolve(signal ? 128 + osConstants.signals[signal] : (code ?? 1));
        });
      });
    },
    abort() {
      if (child?.pid === undefined || child.exitCode !== null) return;
      try {
        process.kill(form.isInteractive ? child.pid : -child.pid, 'SIGHUP');
      } catch {
        // It has ended meanwhile.
      }
    },
  };
}

function isProgram(path: string): boolean {
  if (/\s/.test(path)) return false;
  try {
    accessSync(path, constants.R_OK | constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
