/** What a subcommand's file exports. */
export interface CommandModule {
  /** Runs the command with its words; resolves with the exit status. A thrown CommandError is printed. */
  run(words: string[]): Promise<number>;
}

/** An error for the person at the terminal, printed as `flux-COMMAND: TEXT`. */
export class CommandError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Ends a command that has said all there was to say. */
export class CommandExit extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`exit ${exitCode}`);
    this.exitCode = exitCode;
  }
}
