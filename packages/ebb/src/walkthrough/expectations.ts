/** What steps of the walkthrough expect, read from what kubectl and flux print. */
import type { Expectation, Output } from './step.ts';

export const succeeds: Expectation = {
  what: 'the command succeeds',
  check: (output) => (output.exitCode === 0 ? undefined : `exit status ${output.exitCode}: ${output.stderr.trim()}`),
};

/** The command is refused, with `words` on the screen. */
export function refused(words: RegExp): Expectation {
  return {
    what: `it is refused: ${words.source}`,
    check: (output) => {
      if (output.exitCode === 0) return 'it was accepted';
      return words.test(output.stderr) ? undefined : output.stderr.trim();
    },
  };
}

export function prints(what: string, pattern: RegExp): Expectation {
  return { what, check: (output) => (pattern.test(output.stdout) ? undefined : `printed ${shown(output.stdout)}`) };
}

/** One row of `flux resource list`. */
export interface ResourceRow {
  readonly nodes: number;
  readonly nodelist: string;
}

/** Rows of `flux resource list` by state, from wherever in the output the table stands. */
export function resourceRows(text: string): Map<string, ResourceRow> {
  const rows = new Map<string, ResourceRow>();
  for (const line of text.split('\n')) {
    const match = /^\s*(free|allocated|down)\s+(\d+)\s+\d+\s+\d+(?:\s+(\S+))?\s*$/.exec(line);
    if (match) rows.set(match[1]!, { nodes: Number(match[2]), nodelist: match[3] ?? '' });
  }
  return rows;
}

/** `flux resource list` shows so many nodes in these states, each as `[nodes, nodelist]`. */
export function resources(expected: {
  free?: [number, string];
  allocated?: [number, string];
  down?: [number, string];
}): Expectation {
  const entries = Object.entries(expected);
  return {
    what: entries.map(([state, [nodes, list]]) => `${nodes} ${state}${list ? ` ${list}` : ''}`).join(', '),
    check: ({ stdout, stderr }: Output) => {
      const rows = resourceRows(stdout);
      for (const [state, [nodes, nodelist]] of entries) {
        const row = rows.get(state);
        if (!row) return `no row ${state} in ${shown(stdout + stderr)}`;
        if (row.nodes !== nodes || row.nodelist !== nodelist) return `${state} ${row.nodes} ${row.nodelist}`;
      }
      return undefined;
    },
  };
}

/** `kubectl get pods` shows exactly these pods, `NAME-INDEX-xxxxx`, by completion index, all of them Running and ready. */
export function podsRunning(cluster: string, count: number): Expectation {
  return {
    what:
      count === 1
        ? `one pod ${cluster}-0-xxxxx is Running`
        : `${count} pods ${cluster}-0-xxxxx to ${cluster}-${count - 1}-xxxxx are Running`,
    check: ({ stdout }) => {
      const rows = [...stdout.matchAll(new RegExp(`^${cluster}-(\\d+)-[a-z0-9]{5}\\s+(\\d+)/(\\d+)\\s+(\\S+)`, 'gm'))];
      const running = rows.filter((row) => row[2] === row[3] && row[4] === 'Running').map((row) => Number(row[1]));
      const wanted = Array.from({ length: count }, (_, index) => index);
      const same = rows.length === count && wanted.every((index) => running.includes(index));
      return same ? undefined : shown(stdout);
    },
  };
}

function shown(text: string): string {
  return JSON.stringify(text.length > 600 ? `${text.slice(0, 600)}…` : text);
}
