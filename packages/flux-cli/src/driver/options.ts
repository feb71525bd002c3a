/** What the `flux` command itself takes before the name of a subcommand. */
import type { CSyntax } from '../options/c-options.ts';

export const driverSyntax: CSyntax = {
  program: 'flux',
  usage: '[OPTIONS] COMMAND ARGS',
  ownHelp: true,
  options: [
    { name: 'verbose', key: 'v', help: 'Be verbose about environment and command search' },
    { name: 'version', key: 'V', help: 'Display command and component versions' },
    { name: 'parent', key: 'p', help: 'Set environment of parent instead of current instance' },
    { name: 'root', key: 'r', help: 'Set environment of root instead of current instance' },
  ],
};
