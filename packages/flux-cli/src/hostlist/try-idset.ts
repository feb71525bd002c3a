/** Targets are idsets or hostlists: what is no idset may be the other. */
import { FormatError, Idset } from '@ebb/flux-formats';

/** Undefined when the text is no idset. */
export function tryIdset(text: string): Idset | undefined {
  try {
    return Idset.parse(text);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}
