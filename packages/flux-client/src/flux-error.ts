/** An error that Flux answered with: an error number, and the text that came with it. */
import { errnoName, errnoNumber, strerror } from '@ebb/flux-formats';

export class FluxError extends Error {
  override readonly name = 'FluxError';
  readonly errno: number;
  /** For example `ENOENT`. */
  readonly code: string;
  /** Whether the peer sent a text of its own, rather than the number alone. */
  readonly hasText: boolean;

  constructor(errno: number | string, text?: string, options?: ErrorOptions) {
    const number = typeof errno === 'number' ? errno : errnoNumber(errno);
    super(text || strerror(number), options);
    this.errno = number;
    this.code = errnoName(number);
    this.hasText = Boolean(text);
  }

  /** Of an error that the operating system or Node gave; one without a number becomes EIO with its text. */
  static of(error: NodeJS.ErrnoException, text?: string): FluxError {
    const options = { cause: error };
    try {
      return new FluxError(error.code ?? 'EIO', text, options);
    } catch {
      return new FluxError('EIO', text ?? error.message, options);
    }
  }
}
