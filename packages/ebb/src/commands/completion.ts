/** Completion scripts for bash, zsh and fish, generated from the commands themselves. */
import type { Command } from 'commander';

export type Shell = 'bash' | 'zsh' | 'fish';
export const shells: readonly Shell[] = ['bash', 'zsh', 'fish'];

interface Word {
  readonly word: string;
  readonly says: string;
}

/** A script that, sourced by the shell, completes `ebb` and its subcommands, options and the names of clusters. */
export function completionScript(program: Command, shell: Shell): string {
  const commands = program.commands.filter((command) => !command.name().startsWith('_'));
  const words = new Map<string, Word[]>([
    ['', commands.map((command) => ({ word: command.name(), says: command.description() }))],
  ]);
  for (const command of commands) words.set(command.name(), optionsOf(command));
  return { bash, zsh, fish }[shell](words);
}

function optionsOf(command: Command): Word[] {
  return command.options
    .filter((option) => option.long && !option.hidden)
    .map((option) => ({ word: option.long!, says: option.description }));
}

const namesClusters = ['flux', 'scale', 'logs', 'exec'];

function bash(words: ReadonlyMap<string, readonly Word[]>): string {
  const cases = [...words]
    .filter(([command]) => command !== '')
    .map(([command, options]) => `    ${command}) words="${options.map(({ word }) => word).join(' ')}" ;;`);
  return `# bash completion of ebb: source <(ebb completion bash)
_ebb() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${words
      .get('')!
      .map(({ word }) => word)
      .join(' ')}" -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  case "\${COMP_WORDS[1]}" in
    ${namesClusters.join('|')}) [ "$COMP_CWORD" -eq 2 ] && words="$words $(ebb _names 2>/dev/null)" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  case "\${COMP_WORDS[1]}" in up|demo) COMPREPLY+=($(compgen -f -- "$current")) ;; esac
}
complete -F _ebb ebb
`;
}

function zsh(words: ReadonlyMap<string, readonly Word[]>): string {
  const described = (list: readonly Word[]) => list.map(({ word, says }) => `'${word}:${plain(says)}'`).join(' ');
  const cases = [...words]
    .filter(([command]) => command !== '')
    .map(([command, options]) => `    ${command}) words=(${described(options)}) ;;`);
  return `#compdef ebb
# zsh completion of ebb: source <(ebb completion zsh)
_ebb() {
  local -a words
  if (( CURRENT == 2 )); then
    words=(${described(words.get('')!)})
    _describe 'command' words
    return
  fi
  case "\${words[2]:-$BUFFER[(w)2]}" in
${cases.join('\n')}
  esac
  (( \${#words} )) && _describe 'option' words
  case "$BUFFER[(w)2]" in
    ${namesClusters.join('|')}) (( CURRENT == 3 )) && compadd -- \${(f)"$(ebb _names 2>/dev/null)"} ;;
    up|demo) _files ;;
  esac
}
compdef _ebb ebb
`;
}

function fish(words: ReadonlyMap<string, readonly Word[]>): string {
  const lines = ['# fish completion of ebb: ebb completion fish | source', 'complete -c ebb -f'];
  for (const { word, says } of words.get('')!) {
    lines.push(`complete -c ebb -n __fish_use_subcommand -a ${word} -d '${plain(says)}'`);
  }
  for (const [command, options] of words) {
    for (const { word, says } of command === '' ? [] : options) {
      lines.push(`complete -c ebb -n '__fish_seen_subcommand_from ${command}' -l ${word.slice(2)} -d '${plain(says)}'`);
    }
  }
  lines.push(
    `complete -c ebb -n '__fish_seen_subcommand_from ${namesClusters.join(' ')}' -a '(ebb _names 2>/dev/null)'`,
  );
  return `${lines.join('\n')}\n`;
}

function plain(text: string): string {
  return text.replaceAll(/['"\\$`:]/g, '');
}
