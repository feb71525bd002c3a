/** Where the tasks of a job run: what `SHELL.proctable` answers, whose lists of numbers and names are written short. */

export interface TaskProcess {
  readonly task: number;
  readonly pid: number;
  readonly host: string;
}

/** Numbers as differences from the one before: one, a range, or a run of the same, perhaps several times over. */
type Piece = number | readonly [number, number] | readonly [number, number, number];
/** A name, or a beginning that several have and the numbers that follow it; -1: none does. */
type Names = string | readonly [string, readonly Piece[]];

export interface EncodedProcessTable {
  readonly hosts: readonly Names[];
  readonly ids: readonly Piece[];
  readonly pids: readonly Piece[];
}

/** @throws Error when the lists differ in length */
export function decodeProcessTable(table: EncodedProcessTable): TaskProcess[] {
  const hosts = table.hosts.flatMap((each) =>
    typeof each === 'string' ? [each] : numbersOf(each[1]).map((number) => `${each[0]}${number < 0 ? '' : number}`),
  );
  const tasks = numbersOf(table.ids);
  const pids = numbersOf(table.pids);
  if (pids.length !== tasks.length || hosts.length !== tasks.length) {
    throw new Error(
      `the process table names ${tasks.length} tasks, ${pids.length} processes and ${hosts.length} hosts`,
    );
  }
  return tasks.map((task, index) => ({ task, pid: pids[index]!, host: hosts[index]! }));
}

export function numbersOf(pieces: readonly Piece[]): number[] {
  const numbers: number[] = [];
  let last = 0;
  for (const piece of pieces) {
    const [difference, more, repeats] = typeof piece === 'number' ? [piece, 0, 0] : [piece[0], piece[1], piece[2] ?? 0];
    for (let turn = 0; turn <= repeats; turn++) {
      const first = last + difference;
      // Below zero: so many more of the same number.
      for (let step = 0; step <= Math.abs(more); step++) numbers.push(more < 0 ? first : first + step);
      last = numbers.at(-1)!;
    }
  }
  return numbers;
}
