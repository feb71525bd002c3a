/** `flux resource`: what there is, what is free, allocated and down; drain and undrain. */
import { CommandError } from '../command-module.ts';

const subcommands = {
  list: () => import('./resource/list.ts'),
  info: () => import('./resource/info.ts'),
  R: () => import('./resource/R.ts'),
  status: () => import('./resource/status.ts'),
  drain: () => import('./resource/drain.ts'),
  undrain: () => import('./resource/undrain.ts'),
  reload: () => import('./resource/reload.ts'),
};

export async function run(words: string[]): Promise<number> {
  const [name, ...rest] = words;
  if (name === undefined || name === '--help' || name === '-h') {
    const text = `Usage: flux resource COMMAND\n\nCommands: ${Object.keys(subcommands).join(', ')}\nSee: flux resource COMMAND --help\n`;
    (name ? process.stdout : process.stderr).write(text);
    return name ? 0 : 1;
  }
  const load = Object.hasOwn(subcommands, name) ? subcommands[name as keyof typeof subcommands] : undefined;
  if (!load) throw new CommandError(`${name}: no such subcommand; there are ${Object.keys(subcommands).join(', ')}`);
  return (await load()).run(rest);
}
