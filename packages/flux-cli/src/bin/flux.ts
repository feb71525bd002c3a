/** The `flux` command: finds the subcommand and loads nothing else. */
import { commandNamed, usage } from '../commands.ts';

const words = process.argv.slice(2);
let name = words[0];
while (name?.startsWith('-') && name !== '--help' && name !== '-h' && name !== '--version' && name !== '-V') {
  // Options of the driver itself that change nothing here.
  if (name !== '-v' && name !== '--verbose') {
    process.stderr.write(`flux: ${name}: no such option\n`);
    process.exit(1);
  }
  words.shift();
  name = words[0];
}
if (name === undefined || name === '--help' || name === '-h' || (name === 'help' && words.length === 1)) {
  (name === undefined ? process.stderr : process.stdout).write(usage());
  process.exit(name === undefined ? 1 : 0);
}
const wanted = name === '--version' || name === '-V' ? 'version' : name === 'help' ? words[1]! : name;
const command = commandNamed(wanted);
if (!command) {
  process.stderr.write(`flux: '${wanted}' is not a flux command.  See 'flux --help'\n`);
  process.exit(1);
}
const { runCommand } = await import('../run-command.ts');
process.exitCode = await runCommand(wanted, command, name === 'help' ? ['--help'] : words.slice(1));
