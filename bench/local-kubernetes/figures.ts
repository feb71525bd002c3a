/** What was measured of one server, and two servers beside each other. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  /** Of rates more is better, of times and sizes less. */
  readonly unit: '/s' | 's' | 'ms' | 'MiB';
}

/** Prints a line for each figure; with a second server, how many times better the first is (below 1: worse). */
export function print(titles: readonly string[], [ours, theirs]: readonly (readonly Figure[])[]): void {
  const columns = (name: string, ...texts: string[]) =>
    console.log(name.padEnd(44) + texts.map((text) => text.padStart(22)).join(''));
  columns('', ...titles, ...(theirs ? ['times better'] : []));
  for (const [index, figure] of ours!.entries()) {
    const other = theirs?.[index];
    columns(figure.name, shown(figure), ...(other ? [shown(other), timesBetter(figure, other).toFixed(2)] : []));
  }
}

function shown({ value, unit }: Figure): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

function timesBetter(one: Figure, other: Figure): number {
  return one.unit === '/s' ? one.value / other.value : other.value / one.value;
}
