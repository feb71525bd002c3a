/** What a command of flux-core that is written in Python takes: its options, words and help. */

export interface PythonOption {
  /** For example `['-n', '--ntasks']`; the value's key is the last of them without dashes. */
  readonly flags: readonly string[];
  /** Understood, but not shown. */
  readonly hiddenFlags?: readonly string[];
  /** Where the value goes when it is not the last flag's name. */
  readonly key?: string;
  /** `flag` and `count` take no value, `optional` may have one, `append` and `each` keep them all. */
  readonly takes: 'flag' | 'count' | 'one' | 'optional' | 'append' | 'constant';
  readonly shown?: string;
  readonly type?: 'int' | 'float';
  readonly choices?: readonly string[];
  /** The value of an optional one without value, of a constant, and how one is written into another option's list. */
  readonly constant?: unknown;
  readonly toList?: (value: string) => string;
  readonly default?: unknown;
  /** Left out: the option is not shown. */
  readonly help?: string;
  readonly group?: string;
  /** Options of the same word exclude each other. */
  readonly excludes?: string;
}

export interface PythonPositional {
  readonly name: string;
  readonly shown?: string;
  readonly takes: 'one' | 'optional' | 'any' | 'some' | 'rest';
  readonly help?: string;
}

export interface PythonSyntax {
  readonly program: string;
  /** Default: made from the options. */
  readonly usage?: string;
  readonly description?: string;
  readonly options: readonly PythonOption[];
  readonly groups?: readonly { readonly title: string; readonly says?: string }[];
  readonly positionals?: readonly PythonPositional[];
  /** Of a subcommand: the usage of the command it belongs to, which is shown for words that nobody understands. */
  readonly above?: { readonly program: string; readonly usage: string };
  /** The first word that is no option ends the options. */
  readonly posix?: boolean;
  /** Set when the command has a help of its own. */
  readonly ownHelp?: boolean;
  readonly epilog?: string;
  /** Shown after all as it is. */
  readonly rawEpilog?: string;
}
