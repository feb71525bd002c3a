import { type CommandWords, longOptions, type Value } from './command-words.ts';

/** The script for bash 4 and later. */
export function bashScript(commands: readonly CommandWords[]): string {
  return `# bash completion of ebb: source <(ebb completion bash)
_ebb_among() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current"); }
_ebb_files() {
  mapfile -t COMPREPLY < <(compgen -f -- "$current")
  compopt -o filenames 2>/dev/null
}
_ebb_clusters() { _ebb_among "$1 $(ebb _names 2>/dev/null)"; }
_ebb() {
  local current="\${COMP_WORDS[COMP_CWORD]}" command="\${COMP_WORDS[1]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    _ebb_among "${commands.map(({ name }) => name).join(' ')} --help --version"
    return
  fi
  # What follows an option that wants a value.
  case "$command $previous" in
${commands.flatMap(valueCases).join('\n')}
  esac
  case "$command" in
${commands.map(argumentCase).join('\n')}
  esac
}
complete -F _ebb ebb
`;
}

function valueCases({ name, options }: CommandWords): string[] {
  return options.flatMap(({ forms, value }) =>
    value === undefined
      ? []
      : [`    ${forms.map((form) => `"${name} ${form}"`).join('|')}) ${offer(value, '')}return ;;`],
  );
}

function argumentCase(command: CommandWords): string {
  const options = [...longOptions(command), '--help'].join(' ');
  const others = `_ebb_among "${options}"`;
  if (command.argument === 'none') return `    ${command.name}) ${others} ;;`;
  const first = offer(command.argument, options);
  if (command.argumentRepeats) return `    ${command.name}) ${first.trimEnd()};`;
  return `    ${command.name}) if [ "$COMP_CWORD" -eq 2 ]; then ${first}else ${others}; fi ;;`;
}

/** The words that complete a value, and these others. */
function offer(value: Value, others: string): string {
  if (value === 'none') return '';
  if (value === 'file') return '_ebb_files; ';
  if (value === 'cluster') return `_ebb_clusters "${others}"; `;
  return `_ebb_among "${[...value.words, others].join(' ').trim()}"; `;
}
