import { type CommandWords, plain, type Value } from './command-words.ts';

/** The script for fish 3 and later. */
export function fishScript(commands: readonly CommandWords[]): string {
  const lines = ['# fish completion of ebb: ebb completion fish | source', 'complete -c ebb -f'];
  for (const { name, says } of commands) {
    lines.push(`complete -c ebb -n __fish_use_subcommand -a ${name} -d '${plain(says)}'`);
  }
  for (const { name, options, argument } of commands) {
    const inCommand = `complete -c ebb -n '__fish_seen_subcommand_from ${name}'`;
    for (const { forms, says, value } of options) {
      const names = forms.map((form) => (form.startsWith('--') ? `-l ${form.slice(2)}` : `-s ${form.slice(1)}`));
      lines.push(`${inCommand} ${names.join(' ')} -d '${plain(says)}'${value === undefined ? '' : after(value)}`);
    }
    const words = offered(argument);
    if (words) lines.push(`${inCommand} ${words}`);
  }
  return `${lines.join('\n')}\n`;
}

function after(value: Value): string {
  return value === 'file' ? ' -r -F' : ` -x ${offered(value)}`.trimEnd();
}

function offered(value: Value): string {
  if (value === 'none' || value === 'file') return '';
  return value === 'cluster' ? `-a '(ebb _names 2>/dev/null)'` : `-a '${value.words.join(' ')}'`;
}
