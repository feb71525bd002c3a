import { type CommandWords, plain, type Value } from './command-words.ts';

/** The script for zsh 5 and later. */
export function zshScript(commands: readonly CommandWords[]): string {
  return `#compdef ebb
# zsh completion of ebb: source <(ebb completion zsh)
_ebb_clusters() {
  local -a names=(\${(f)"$(ebb _names 2>/dev/null)"})
  compadd -a names
}
_ebb_commands() {
  local -a commands=(${commands.map(({ name, says }) => `'${name}:${plain(says)}'`).join(' ')})
  _describe 'command' commands
}
_ebb() {
  local context state state_descr line
  typeset -A opt_args
  _arguments -C '(- *)'{-h,--help}'[help]' '(- *)'{-V,--version}'[print the version]' '1:command:_ebb_commands' '*::word:->words'
  [ "$state" = words ] || return
  case "$line[1]" in
${commands.map(commandCase).join('\n')}
  esac
}
compdef _ebb ebb
`;
}

function commandCase({ name, options, argument, argumentRepeats }: CommandWords): string {
  const words = options.map(({ forms, says, value }) => {
    const names = forms.length > 1 ? `{${forms.join(',')}}` : forms[0];
    return `${names}'[${plain(says)}]${value === undefined ? '' : `:value:${action(value)}`}'`;
  });
  if (argument !== 'none') words.push(`'${argumentRepeats ? '*' : '1'}:word:${action(argument)}'`);
  return `    ${name}) _arguments ${[...words, "{-h,--help}'[help]'"].join(' ')} ;;`;
}

function action(value: Value): string {
  if (value === 'none') return ' ';
  if (value === 'file') return '_files';
  return value === 'cluster' ? '_ebb_clusters' : `(${value.words.join(' ')})`;
}
