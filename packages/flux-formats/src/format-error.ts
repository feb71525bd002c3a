/** Input that is not of the format it should be: what was read, where it goes wrong, and why. */
export class FormatError extends Error {
  /** Name of the format: `idset`, `R`, `jobspec`. */
  readonly format: string;
  readonly input: string;
  /** What is wrong, without the input: fit to be shown after a field's name. */
  readonly problem: string;
  /** Index of the first character that cannot stand there. */
  readonly position: number | undefined;
  /** The place in a structured value: `resources[0].count`. */
  readonly path: string | undefined;

  constructor(format: string, input: string, problem: string, position?: number, path?: string) {
    const shown = input.length > 80 ? `${input.slice(0, 80)}…` : input;
    super(
      path === undefined
        ? `${format} ${JSON.stringify(shown)}: ${problem}${position === undefined ? '' : ` at position ${position}`}`
        : `${format}: ${path} ${problem}${input === '' ? '' : `, found ${shown}`}`,
    );
    this.name = 'FormatError';
    this.format = format;
    this.input = input;
    this.problem = problem;
    this.position = position;
    this.path = path;
  }

  /** An error at a place inside a structured value. `found` is what stands there; undefined: nothing does. */
  static at(format: string, path: string, problem: string, found?: unknown): FormatError {
    return new FormatError(format, shown(found), problem, undefined, path);
  }
}

function shown(found: unknown): string {
  if (found === undefined) return '';
  if (typeof found === 'bigint') return found.toString();
  try {
    return JSON.stringify(found) ?? String(found);
  } catch {
    return Object.prototype.toString.call(found);
  }
}
