/**
 * Progress of the stages of a command on a terminal: one line a stage, with what it waits for while it waits and the
 * time it took when done. Where the output is no terminal, each stage prints one line when it ends.
 */
import pc from 'picocolors';

export interface Stage {
  /** Says what the stage waits for now; replaces what it said before. */
  waitingFor(text: string): void;
  done(text?: string): void;
  failed(text: string): void;
}

export interface Progress {
  stage(title: string): Stage;
  /** Something to know, between two stages. */
  note(text: string): void;
}

export interface Terminal {
  readonly isTTY?: boolean | undefined;
  /** Width; undefined where it is not known. */
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** Progress lines on `terminal`; `now` gives milliseconds. */
export function terminalProgress(terminal: Terminal = process.stderr, now: () => number = Date.now): Progress {
  // Only a line that the terminal does not wrap can be replaced.
  const fitting = (text: string, title: string) => {
    const room = Math.max(1, (terminal.columns ?? 80) - '  … '.length - title.length - ' '.length - 1);
    return text.length <= room ? text : `${text.slice(0, room - 1)}…`;
  };
  return {
    note(text) {
      terminal.write(`  ${pc.yellow('!')} ${text}\n`);
    },
    stage(title) {
      const started = now();
      const seconds = () => `${((now() - started) / 1000).toFixed(1)} s`;
      const replace = (line: string, end: string) =>
        terminal.write(terminal.isTTY ? `\r\u001b[2K${line}${end}` : `${line}\n`);
      if (terminal.isTTY) replace(`  ${pc.dim('…')} ${title}`, '');
      return {
        waitingFor(text) {
          if (terminal.isTTY) replace(`  ${pc.dim('…')} ${title} ${pc.dim(fitting(`(${text})`, title))}`, '');
        },
        done(text) {
          replace(`  ${pc.green('✔')} ${title}${text ? ` ${text}` : ''} ${pc.dim(seconds())}`, '\n');
        },
        failed(text) {
          replace(`  ${pc.red('✘')} ${title}: ${text}`, '\n');
        },
      };
    },
  };
}
