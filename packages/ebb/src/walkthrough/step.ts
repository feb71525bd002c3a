/**
 * The walkthrough as data: what a reader of the tutorial types, and what must be seen. A scenario is a list of steps;
 * the same steps are run by `ebb demo`, by the end-to-end suites on the embedded Kubernetes and on a real one.
 */

/** What a command printed and how it ended. */
export interface Output {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** One thing that must be true of what came back. */
export interface Expectation {
  /** Said to the reader: `4 nodes are free`. */
  readonly what: string;
  /** Undefined when it holds, else what was seen instead. */
  readonly check: (output: Output, memory: Memory) => string | undefined;
}

/** Facts that one step keeps for later ones, such as a pod's name or uid. */
export type Memory = Map<string, string>;

export interface Step {
  readonly title: string;
  /** The command as typed into a shell; `${name}` stands for a fact that an earlier step kept. */
  readonly type: string;
  /**
   * A command that was typed in a second terminal before, and goes on there: the step's own is typed, once, when this
   * one has shown something, and what it prints until all that is expected was seen stands before what the step's prints.
   */
  readonly beside?: string;
  /** Lines typed into the shell that the command opened. */
  readonly lines?: readonly string[];
  /** A manifest shown before the command and written to `FILE`, when the command names it. */
  readonly manifest?: { readonly file: string; readonly text: string };
  readonly expect: readonly Expectation[];
  /** Whether a picture of the run shows it. */
  readonly inPicture?: boolean;
  /** Keeps facts of the output for later steps. */
  readonly keep?: (output: Output, memory: Memory) => void;
  /** The command is typed again until everything expected is seen, at most this long. Default 0: typed once. */
  readonly withinMs?: number;
}

export interface Scenario {
  readonly name: string;
  readonly says: string;
  readonly steps: readonly Step[];
}

/** The command with the facts that earlier steps kept put in. */
export function filledIn(text: string, memory: Memory): string {
  return text.replaceAll(/\$\{([\w.-]+)\}/g, (whole, name: string) => memory.get(name) ?? whole);
}
