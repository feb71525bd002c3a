/** The number of a signal that an option names. */
import { JobspecOptionError, parseSignal } from '@ebb/flux-formats';
import { CommandError } from '../command-module.ts';

/** @throws CommandError, in the words of `command`, when there is no such signal */
export function signalNumber(text: string, command: string): number {
  try {
    return parseSignal(text);
  } catch (error) {
    if (error instanceof JobspecOptionError) throw new CommandError(`${command}: Invalid signal ${text}`);
    throw error;
  }
}
