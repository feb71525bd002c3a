// Where the tasks of a job run and as which processes: `UID-shell-fID.proctable`, as debuggers and `flux job hostpids`
// read it (flux-core: shell/mpir/proctable.c).

export interface ProcessRow {
  readonly task: number;
  readonly pid: number;
  /** Broker rank. */
  readonly rank: number;
  readonly host: string;
  readonly executable: string;
}

/** In order of tasks; numbers as differences from the one before. */
export function encodeProcessTable(rows: readonly ProcessRow[]): Record<string, unknown> {
  const sorted = [...rows].sort((a, b) => a.task - b.task);
  const differences = (of: (row: ProcessRow) => number) =>
    sorted.map((row, index) => of(row) - (index === 0 ? 0 : of(sorted[index - 1]!)));
  return {
    hosts: sorted.map(({ host }) => host),
    executables: sorted.map(({ executable }) => executable),
    ids: differences(({ task }) => task),
    pids: differences(({ pid }) => pid),
    ranks: differences(({ rank }) => rank),
  };
}
