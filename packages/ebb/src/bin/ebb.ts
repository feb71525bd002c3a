/** The `ebb` command; also `kubectl ebb`. Each subcommand loads only what it needs. */
import { basename } from 'node:path';
import { Command, CommanderError, Option } from 'commander';
import { clusterOptions, installOptions } from '../commands/options.ts';

const program = new Command('ebb');
program
  .description('Elastic Flux MiniClusters: on this machine with nothing but Node, or on any Kubernetes')
  .version('0.1.0', '-V, --version', 'print the version')
  .showHelpAfterError('(see: ebb --help)')
  .enablePositionalOptions()
  .exitOverride();

let exitCode = 0;
/** Runs what `load` brings; its result is the exit status. */
function run<Arguments extends unknown[]>(load: (...words: Arguments) => Promise<number>) {
  return async (...words: Arguments) => {
    exitCode = await load(...words);
  };
}

program
  .command('up')
  .description('start Kubernetes, the operator and a MiniCluster on this machine')
  .option(
    '-f, --filename <file>',
    'manifests to apply, - for standard input (default: four brokers that wait for work)',
  )
  .option('--no-cluster', 'start without a MiniCluster')
  .option('-d, --detach', 'run in the background')
  .addOption(new Option('--background').hideHelp())
  .option('--name <instance>', 'name of the instance, to run several (default: ebb)')
  .option('--nodes <count>', 'local nodes that pods are spread over', '4')
  .option('--images <file>', "which root an image means, where it is not this machine's file system")
  .option('--port <port>', 'port of the API server; 0 takes a free one', '0')
  .action(run(async (options) => (await import('../commands/up.ts')).up(options)));

program
  .command('down')
  .description('stop what ebb up started')
  .option('--name <instance>', 'name of the instance')
  .option('--delete', 'also delete its state')
  .action(run(async (options) => (await import('../commands/down.ts')).down(options)));

program
  .command('status')
  .description('whether the local instance runs, and its MiniClusters')
  .option('--name <instance>', 'name of the instance')
  .option('-o, --output <format>', 'json')
  .action(run(async (options) => (await import('../commands/status.ts')).status(options)));

program
  .command('demo')
  .description('the walkthrough: resize, denial and growth, typed with real kubectl and flux, each step checked')
  .argument(
    '[scenario...]',
    'basic, expand, launcher, command, scale, drain, capacity, autoscale, application (default: all)',
  )
  .option('--kubeconfig <file>', 'a cluster on which the operator runs (default: an instance of its own)')
  .option('--name <instance>', 'a local instance by its name')
  .option('--json <file>', 'write a record of all steps')
  .option('--picture <file>', 'draw the run as a picture, in SVG')
  .action(run(async (names, options) => (await import('../commands/demo.ts')).demo(names, options)));

clusterOptions(program.command('get'))
  .description('MiniClusters, or one of them')
  .argument('[name]', 'NAME or NAMESPACE/NAME')
  .option('-A, --all-namespaces', 'of all namespaces (default)')
  .option('-o, --output <format>', 'yaml or json')
  .action(run(async (name, options) => (await import('../commands/get.ts')).get(name, options)));

clusterOptions(program.command('scale'))
  .description('set the size of a MiniCluster')
  .argument('<name>', 'NAME or NAMESPACE/NAME')
  .argument('<size>', 'number of brokers, from 1 to the maximum')
  .option('-w, --wait', 'wait until so many brokers are up')
  .action(run(async (name, size, options) => (await import('../commands/scale.ts')).scale(name, size, options)));

clusterOptions(program.command('logs'))
  .description('the log of a broker’s container')
  .argument('<name>', 'NAME or NAMESPACE/NAME')
  .option('-f, --follow', 'go on as it grows')
  .option('--tail <lines>', 'only the last lines')
  .option('--rank <rank>', 'of this rank', '0')
  .option('-c, --container <container>', 'of another container of the pod')
  .option('-p, --previous', 'of the container before its last restart')
  .action(run(async (name, options) => (await import('../commands/logs.ts')).logs(name, options)));

clusterOptions(program.command('exec'))
  .description('run a command in the pod of rank 0: ebb exec NAME -- COMMAND')
  .argument('<name>', 'NAME or NAMESPACE/NAME')
  .argument('<command...>', 'command and arguments; what follows -- is passed on as it is')
  .option('-c, --container <container>', 'another container of the pod')
  .option('-i, --stdin', 'with standard input (default)')
  .option('--no-stdin', 'without standard input')
  .option('-t, --tty', 'with a terminal (default: when this is one)')
  .action(run(async (name, words, options) => (await import('../commands/exec.ts')).exec(name, words, options)));

clusterOptions(program.command('flux'))
  .description('a flux command inside a MiniCluster: ebb flux NAME resource list')
  .argument('<name>', 'NAME or NAMESPACE/NAME')
  .argument('[words...]', 'the flux command, with options of its own')
  .option('-i, --stdin', 'with standard input (default)')
  .option('--no-stdin', 'without standard input')
  .option('-t, --tty', 'with a terminal (default: when this is one)')
  .passThroughOptions()
  .action(run(async (name, words, options) => (await import('../commands/exec.ts')).flux(name, words, options)));

program
  .command('kubectl')
  .description('kubectl on the local instance')
  .argument('[words...]', 'the kubectl command')
  .option('--name <instance>', 'name of the instance, before the kubectl command')
  .helpOption(false)
  .allowUnknownOption()
  .passThroughOptions()
  .action(run(async (words, options) => (await import('../commands/kubectl.ts')).kubectl(words, options)));

installOptions(program.command('install'))
  .description('install the operator into a real cluster')
  .option('--dry-run', 'print the manifests instead')
  .action(run(async (options) => (await import('../commands/install.ts')).install(options)));

installOptions(program.command('uninstall'))
  .description('remove the operator from a cluster; refuses while MiniClusters exist')
  .option('--force', 'also delete all MiniClusters and the API')
  .action(run(async (options) => (await import('../commands/install.ts')).uninstall(options)));

program
  .command('doctor')
  .description('what this machine can and cannot do, and what to do about it')
  .option('-o, --output <format>', 'json')
  .action(run(async (options) => (await import('../commands/doctor.ts')).doctor(options)));

program
  .command('completion')
  .description('a completion script for bash, zsh or fish')
  .argument('<shell>', 'bash, zsh or fish')
  .action(
    run(async (shell: string) => {
      const { completionScript, shells } = await import('../commands/completion.ts');
      const known = shells.find((each) => each === shell);
      if (!known) throw new Error(`SHELL ${shell}: there are ${shells.join(', ')}`);
      process.stdout.write(completionScript(program, known));
      return 0;
    }),
  );

program.command('_names', { hidden: true }).action(run(async () => (await import('../commands/names.ts')).names()));

if (basename(process.argv[1] ?? '').startsWith('kubectl-')) program.name('kubectl ebb');

for (const command of program.commands) {
  const words = command.name() === 'exec' ? 'options of the command follow --: ebb exec NAME -- COMMAND; ' : '';
  command.exitOverride().showHelpAfterError(`(${words}see: ebb ${command.name()} --help)`);
}

/** Resolves when all that was written has been taken, or cannot be. */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.write('', () => resolve());
  });
}

/** As a shell has it of what SIGPIPE ended. */
const noReaderStatus = 141;
const isNoReader = (error: unknown) => (error as NodeJS.ErrnoException | undefined)?.code === 'EPIPE';

// Who reads this has seen enough: what can stop in order does so, all else ends.
process.stdout.on('error', (error) => {
  if (!isNoReader(error)) throw error;
  if (process.listenerCount('SIGTERM') > 0) process.kill(process.pid, 'SIGTERM');
  else process.exit(noReaderStatus);
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) exitCode = error.exitCode;
  else if (isNoReader(error)) exitCode = noReaderStatus;
  else {
    const { errorText } = await import('../terminal/error-text.ts');
    process.stderr.write(`ebb: ${errorText(error)}\n`);
    exitCode = 1;
  }
}
// What is still open, such as a stdin that was read, must not hold the command; what was printed has to reach its reader.
await Promise.all([process.stdout, process.stderr].map(flushed));
process.exit(exitCode);
