/** Text that is not of the format it should be: what was read, where it goes wrong, and why. */
export class FormatError extends Error {
  readonly format: string;
  readonly input: string;
  /** Index of the first character that cannot stand there. */
  readonly position: number | undefined;

  constructor(format: string, input: string, problem: string, position?: number) {
    const shown = input.length > 80 ? `${input.slice(0, 80)}…` : input;
    super(`${format} ${JSON.stringify(shown)}: ${problem}${position === undefined ? '' : ` at position ${position}`}`);
    this.name = 'FormatError';
    this.format = format;
    this.input = input;
    this.position = position;
  }
}
