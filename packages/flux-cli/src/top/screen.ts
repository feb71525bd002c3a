/** What `flux top` shows, as lines of text with ANSI signs: counts and graphs above, running jobs below. */
import { type JobRecord, JobState } from '@ebb/flux-client';
import { printDuration, printFluid } from '@ebb/flux-formats';
import { instanceUri, userName } from '../jobs/job-fields.ts';

export interface ResourceCount {
  readonly total: number;
  readonly down: number;
  readonly used: number;
}

export interface TopView {
  /** Ids from the first instance to the one that is shown. */
  readonly title: string;
  readonly nodes: ResourceCount;
  readonly cores: ResourceCount;
  readonly gpus: ResourceCount;
  readonly pending: number;
  readonly running: number;
  readonly inactive: number;
  readonly complete: number;
  readonly failed: number;
  /** Complete and failed ones in the place of the inactive ones. */
  readonly showDetails: boolean;
  readonly size: number;
  readonly level: number;
  readonly version: string;
  /** Seconds since 1970; an expiration of 0 is none. */
  readonly startTime: number;
  readonly expiration: number;
  readonly heart: boolean;
  readonly jobs: readonly JobRecord[];
  readonly current: bigint | undefined;
  readonly showQueue: boolean;
  /** The queue that the jobs are limited to. */
  readonly queue?: string | undefined;
  readonly color: boolean;
}

/** A piece of text that begins at a column. */
type Piece = readonly [column: number, text: string, style?: string];

const yellow = '\x1b[33m';
const red = '\x1b[31m';
const green = '\x1b[1m\x1b[32m';
const boldRed = '\x1b[1m\x1b[31m';
const blue = '\x1b[1m\x1b[34m';
const dim = '\x1b[2m';
const reverse = '\x1b[7m';
const reset = '\x1b[0m';

/** `now`: seconds since 1970. As many lines as there are rows at most. */
export function topLines(view: TopView, now: number, columns: number, rows: number): string[] {
  const left = view.expiration - now;
  const timeLeft = `${(left > 0 ? printDuration(left, 2) : '').padStart(8)}${left > 0 ? '⌚' : '∞'}`;
  const { title } = view;
  const shownTitle = title.length > 73 ? `…${title.slice(title.length - 72)}` : title;
  const titleColumn = 6 + Math.max(0, Math.floor((73 - title.length) / 2));
  const counts = (word: string, count: number): Piece => [60, `${String(count).padStart(5)} ${word}`, ''];
  const details: Piece[] = view.showDetails
    ? [
        [42, String(view.complete).padStart(6), view.complete > 0 ? green : ''],
        [48, ' complete, '],
        [59, String(view.failed).padStart(6), view.failed > 0 ? boldRed : ''],
        [65, ' failed'],
      ]
    : [counts('inactive', view.inactive)];
  const line = (...pieces: Piece[]) => place(pieces, view.color);
  const info: Piece[] = [[1, `size: ${view.size}`, dim]];
  if (view.level > 0) info.push([11, `depth: ${view.level}`, dim]);
  info.push([31, `uptime: ${printDuration(Math.abs(now - view.startTime), 2)}`, dim]);
  info.push([79 - view.version.length, view.version, dim]);
  return [
    line([0, 'ƒ', yellow], [titleColumn, shownTitle, blue], [70, timeLeft]),
    line(...graph('nodes', view.nodes), counts('pending', view.pending)),
    line(...graph('cores', view.cores), counts('running', view.running)),
    line(...graph('gpus', view.gpus), ...details, [77, view.heart ? '♡' : ' ']),
    '',
    line(...info),
    ...jobLines(view, now, columns),
  ].slice(0, rows);
}

// `name [||||    ||2/4]`: what is used grows from the left, what is down from the right.
function graph(name: string, { total, down, used: given }: ResourceCount): Piece[] {
  const used = Math.min(given, total);
  const prefix = `${name.padStart(5)} [`;
  const suffix = `${used}/${total}]`;
  const slots = 36 - prefix.length - suffix.length - 1;
  const share = (count: number) => (total > 0 ? Math.ceil((count / total) * slots) : 0);
  const right = share(down);
  const left = Math.min(share(used), slots - right);
  return [
    [4, prefix],
    [4 + prefix.length, '|'.repeat(left), yellow],
    [4 + prefix.length + slots - right, '|'.repeat(right), red],
    [4 + prefix.length + slots, suffix],
  ];
}

function jobLines(view: TopView, now: number, columns: number): string[] {
  const queueWidth = view.showQueue ? 8 : 0;
  const nameWidth = Math.max(4, columns - (12 + 8 + queueWidth + 2 + 6 + 6 + 7 + 6));
  const line = (id: string, queue: string, user: string, cells: readonly [string, string, string, string, string]) => {
    const [state, tasks, nodes, time, name] = cells;
    const fit = (text: string, width: number) => text.slice(0, width).padStart(width);
    const middle = view.showQueue ? [fit(queue, 8)] : [];
    const numbers = [tasks.padStart(6), nodes.padStart(6), fit(time, 7)];
    return [fit(id, 12), ...middle, fit(user, 8), fit(state, 2), ...numbers, name.slice(0, nameWidth).padEnd(nameWidth)]
      .join(' ')
      .slice(0, columns);
  };
  const header = line('JOBID', 'QUEUE', 'USER', ['ST', 'NTASKS', 'NNODES', 'RUNTIME', 'NAME']);
  const rows = view.jobs.map((job) => {
    const time = printDuration(Math.abs(now - (job.t_run ?? now)), 2);
    const state = job.state === JobState.Cleanup ? 'C' : 'R';
    const cells = [state, String(job.ntasks ?? ''), String(job.nnodes ?? ''), time, job.name ?? ''] as const;
    const text = line(printFluid(job.id), job.queue ?? '', userName(job.userid), cells);
    const style = `${job.id === view.current ? reverse : ''}${instanceUri(job) && view.color ? blue : ''}`;
    return style === '' ? text : `${style}${text}${reset}`;
  });
  const none =
    rows.length === 0 && view.queue
      ? ['', '', '', '', `${' '.repeat(25)}No jobs to display in queue ${view.queue}`]
      : [];
  return [`${reverse}${header.padEnd(columns)}${reset}`, ...rows, ...none];
}

function place(pieces: readonly Piece[], color: boolean): string {
  let text = '';
  let column = 0;
  for (const [at, piece, style] of pieces) {
    if (piece === '') continue;
    text += ' '.repeat(Math.max(0, at - column));
    text += style && (color || style === dim) ? `${style}${piece}${reset}` : piece;
    column = Math.max(at, column) + [...piece].length;
  }
  return text;
}
