/** A commander program for one flux subcommand: exits by throwing, and says what is wrong as flux does. */
import { Command } from 'commander';

export function parser(name: string, says: string): Command {
  return new Command(`flux ${name}`)
    .description(says)
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => write(`flux-${name.split(' ')[0]}: ${text.replace(/^error: /, '')}`),
    });
}
