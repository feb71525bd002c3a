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
}
