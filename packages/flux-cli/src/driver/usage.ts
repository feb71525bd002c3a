/** What `flux --help` shows: the commands most used, in groups. */
import { commandNamed } from '../commands.ts';
import { cHelp } from '../options/c-options.ts';
import { driverSyntax } from './options.ts';

const groups: Readonly<Record<string, readonly string[]>> = {
  'run and submit jobs, allocate resources': ['submit', 'run', 'bulksubmit', 'alloc', 'batch'],
  'list and interact with jobs': ['jobs', 'top', 'pstree', 'cancel', 'pgrep', 'job', 'proxy', 'watch', 'update'],
  'get resource, queue and other instance information': ['resource', 'queue', 'overlay', 'uptime'],
  'other useful commands': ['start', 'version', 'config', 'env', 'admin', 'hostlist'],
};

/** Commands that are shown as one. */
const together: Readonly<Record<string, string>> = { pgrep: 'pgrep/pkill' };

export function usage(): string {
  const shown = Object.entries(groups).map(([title, names]) => {
    const rows = names.flatMap((name) => {
      const command = commandNamed(name);
      return command ? [`   ${(together[name] ?? name).padEnd(18)} ${command.says}\n`] : [];
    });
    return `\n${title}\n${rows.join('')}`;
  });
  return [
    cHelp(driverSyntax),
    '\nFor general Flux documentation, please visit\n    https://flux-framework.readthedocs.io\n',
    ...shown,
    "\nSee 'flux help COMMAND' for more information about a specific command.\n",
  ].join('');
}
