/** What a shell has to know of a command to complete it. */

/** What may stand in a place: a file, the name of a MiniCluster, one of some words, or what nobody can guess. */
export type Value = 'file' | 'cluster' | 'none' | { readonly words: readonly string[] };

export interface OptionWords {
  /** Short and long, such as `-f` and `--file`. */
  readonly forms: readonly string[];
  readonly says: string;
  /** What follows it; undefined when nothing does. */
  readonly value: Value | undefined;
}

export interface CommandWords {
  readonly name: string;
  readonly says: string;
  readonly options: readonly OptionWords[];
  /** What its first argument is. */
  readonly argument: Value;
  /** Whether all further arguments are such, too. */
  readonly argumentRepeats: boolean;
}

/** Text that no quotation of any shell ends. */
export function plain(text: string): string {
  return text.replaceAll(/['"\\$`:[\]]/g, '');
}

/** The long forms of all options. */
export function longOptions({ options }: CommandWords): string[] {
  return options.flatMap(({ forms }) => forms.filter((form) => form.startsWith('--')));
}
