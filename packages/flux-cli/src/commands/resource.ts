/** `flux resource`: what there is, what is free, allocated and down, drained or excluded, and what happened to it. */
import { CommandExit } from '../command-module.ts';
import { resourceUsage, subcommandNames } from './resource/options.ts';

interface Subcommand {
  run(words: readonly string[]): Promise<number>;
}

const subcommands: Readonly<Record<(typeof subcommandNames)[number], () => Promise<Subcommand>>> = {
  'acquire-mute': () => import('./resource/acquire-mute.ts'),
  drain: () => import('./resource/drain.ts'),
  undrain: () => import('./resource/undrain.ts'),
  status: () => import('./resource/status.ts'),
  list: () => import('./resource/list.ts'),
  info: () => import('./resource/info.ts'),
  reload: () => import('./resource/reload.ts'),
  R: () => import('./resource/R.ts'),
  eventlog: () => import('./resource/eventlog.ts'),
};

export async function run(words: string[]): Promise<number> {
  const named = words.findIndex((word) => !word.startsWith('-') || word === '-');
  const before = named < 0 ? words : words.slice(0, named);
  if (before.some((word) => word === '-h' || word === '--help')) {
    const row = `  ${'-h, --help'.padEnd(38)}show this help message and exit`;
    const choices = `  {${subcommandNames.join(',')}}`;
    process.stdout.write(`usage: ${resourceUsage}\n\noptions:\n${row}\n\nsubcommands:\n\n${choices}\n`);
    return 0;
  }
  const name = words[named];
  if (name === undefined) return fail('the following arguments are required: subcommand');
  if (!isSubcommand(name)) {
    const choices = subcommandNames.map((each) => `'${each}'`).join(', ');
    return fail(`argument subcommand: invalid choice: '${name}' (choose from ${choices})`);
  }
  if (before.length > 0) return fail(`unrecognized arguments: ${before.join(' ')}`);
  return (await subcommands[name]()).run(words.slice(named + 1));
}

const isSubcommand = (name: string): name is keyof typeof subcommands => Object.hasOwn(subcommands, name);

function fail(problem: string): never {
  process.stderr.write(`usage: ${resourceUsage}\nflux-resource: error: ${problem}\n`);
  throw new CommandExit(2);
}
