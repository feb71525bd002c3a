// The same jobs at a broker of flux-core and at ours, by the real `flux`: every command about them prints the same.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Instance, startInstance } from '../instance/instance.ts';
import { type CommandResult, findRealFlux, runFlux } from './real-flux.ts';
import { type RealInstance, startRealInstance } from './real-instance.ts';

const flux = findRealFlux();
const size = 4;
const config = { resource: { noverify: true, config: [{ hosts: `node[0-${size - 1}]`, cores: '0-3' }] } };
const everything =
  '{id.f58} {userid} {urgency} {priority} {state} {state_single} {name} {queue} {ntasks} {ncores} {nnodes} {ranks} ' +
  '{nodelist} {duration} {status} {status_abbrev} {success} {result} {result_abbrev} {returncode} {waitstatus} ' +
  '{exception.occurred} {exception.severity} {exception.type} {exception.note} {dependencies} {annotations} {cwd} ' +
  '{contextual_info} {inactive_reason} {user.x} {bank} {project}';

/** In order. `JOB1` stands for the first id that any command printed, and so on. */
const story: readonly (readonly string[])[] = [
  ['jobs', '-a'],
  ['jobs', '--json', '-a'],
  ['run', 'echo', 'hello'],
  ['run', '-N4', '-n4', '--label-io', 'sh', '-c', 'test $FLUX_TASK_RANK = 3 && echo last; exit 0'],
  ['run', 'sh', '-c', 'echo problem >&2; exit 3'],
  ['run', 'nosuchprogram'],
  ['run', '-n99', 'true'],
  ['run', '--urgency=99', 'true'],
  ['submit', '--wait-event=clean', 'sh', '-c', 'echo one; echo two'],
  ['submit', '--wait-event=clean', '-N2', '-n2', '-c2', '--job-name=named', '-t', '10m', 'true'],
  ['submit', '--wait-event=clean', 'false'],
  ['submit', '--urgency=hold', '-n2', '--job-name=held', 'sleep', '0'],
  ['submit', '--wait-event=start', '-N1', '-n4', '--job-name=long', 'sleep', '600'],
  ['submit', '--wait-event=clean', '-t', '1s', 'sleep', '600'],
  ['submit', '--dependency=afterok:JOB4', '--job-name=dependent', 'true'],
  ['submit', '--dependency=afterany:JOB3', '--job-name=never', 'true'],
  ['jobs', '-a', '-no', '{id.f58} {name} {status_abbrev} {ntasks} {nnodes} {contextual_info}'],
  ['jobs', '-ao', everything],
  ['jobs', '--json', 'JOB1'],
  ['jobs', '--json', 'JOB3'],
  ['jobs', '--json', 'JOB4'],
  ['jobs', '--json', 'JOB5'],
  ['jobs', '-f', 'failed', '-no', '{name} {result}'],
  ['jobs', '-f', 'pending,running', '-no', '{name} {state}'],
  ['jobs', '-f', 'completed,timeout', '-no', '{name} {result} {returncode}'],
  ['jobs', '-a', '--name=long', '-no', '{name} {nodelist}'],
  ['jobs', '-a', '-i', 'ranks:0', '-no', '{name}'],
  ['jobs', '-a', '-i', 'node[1-2]', '-no', '{name}'],
  ['jobs', '-a', '-c2', '-no', '{name}'],
  ['jobs', '-a', '--since=2001-01-01', '-no', '{name}'],
  ['jobs', '-f', 'nonsense'],
  ['jobs', '-o', '{nonsense}'],
  ['jobs', 'fzz'],
  ['jobs', '--stats-only'],
  ['jobs', '--stats', '-no', '{name}'],
  ['job', 'list', '-a', '-c', '3'],
  ['job', 'list-inactive', '-c', '2'],
  ['job', 'list-ids', 'JOB1', 'JOB5'],
  ['job', 'stats'],
  ['job', 'status', 'JOB1'],
  ['job', 'status', '-v', 'JOB3'],
  ['job', 'status', '--json', 'JOB3'],
  ['job', 'attach', 'JOB1'],
  ['job', 'attach', 'JOB3'],
  ['job', 'attach', '-E', '-l', 'JOB1'],
  ['job', 'attach', 'fzz'],
  ['job', 'eventlog', '--time-format=raw', 'JOB1'],
  ['job', 'eventlog', '-f', 'json', 'JOB2'],
  ['job', 'eventlog', '-f', 'json', 'JOB3'],
  ['job', 'eventlog', '-f', 'json', 'JOB6'],
  ['job', 'eventlog', '-f', 'json', 'JOB4'],
  ['job', 'eventlog', '-p', 'guest.exec.eventlog', '-f', 'json', 'JOB1'],
  ['job', 'eventlog', '-p', 'exec', '-f', 'json', 'JOB3'],
  ['job', 'eventlog', '-p', 'output', '-f', 'json', 'JOB1'],
  ['job', 'eventlog', '-p', 'guest.nosuch', 'JOB1'],
  ['job', 'eventlog', 'fzz'],
  ['job', 'info', 'JOB2', 'R'],
  ['job', 'info', 'JOB2', 'jobspec'],
  ['job', 'info', 'JOB1', 'guest.output'],
  ['job', 'info', 'JOB1', 'nosuchkey'],
  ['job', 'info', 'fzz', 'R'],
  ['job', 'wait-event', 'JOB1', 'finish'],
  ['job', 'wait-event', '-f', 'json', 'JOB1', 'start'],
  ['job', 'wait-event', '-v', '-f', 'json', '-m', 'status=256', 'JOB3', 'finish'],
  ['job', 'wait-event', '-p', 'exec', '-f', 'json', 'JOB1', 'shell.start'],
  ['job', 'wait-event', 'JOB1', 'nosuchevent'],
  ['job', 'wait-event', '-t', '0.2', 'JOB5', 'clean'],
  ['job', 'wait-event', 'fzz', 'start'],
  ['job', 'taskmap', 'JOB2'],
  ['job', 'id', '--to=words', 'fzz'],
  ['job', 'urgency', 'JOB4', '20'],
  ['job', 'wait-event', 'JOB4', 'clean'],
  ['job', 'wait-event', 'JOB7', 'clean'],
  ['job', 'urgency', 'JOB1', '20'],
  ['job', 'memo', 'JOB5', 'x=1'],
  ['jobs', '-no', '{name} {user.x}', 'JOB5'],
  ['job', 'raise', '--type=test', '--severity=4', 'JOB5', 'a', 'note'],
  ['update', 'JOB5', 'duration=1h'],
  ['jobs', '-no', '{name} {duration}', 'JOB5'],
  ['cancel', 'JOB1'],
  ['cancel', 'fzz'],
  ['cancel', 'JOB5'],
  ['job', 'wait-event', 'JOB5', 'clean'],
  ['jobs', '-no', '{name} {status} {returncode} {exception.type} {exception.note}', 'JOB5'],
  ['job', 'attach', 'JOB5'],
  ['job', 'kill', 'JOB5'],
  ['cancel', '--all', '--dry-run'],
  ['bulksubmit', '--wait-event=clean', 'echo', '{}', ':::', 'a', 'b', 'c'],
  ['submit', '--cc=1-3', '-q', '--wait', 'echo', '{cc}'],
  ['submit', '--watch', 'echo', 'seen'],
  ['queue', 'status', '-v'],
  ['queue', 'list'],
  ['queue', 'disable', 'maintenance'],
  ['submit', 'true'],
  ['queue', 'enable'],
  ['queue', 'stop', 'for', 'now'],
  ['queue', 'status'],
  ['queue', 'start'],
  ['queue', 'drain'],
  ['job', 'last'],
  ['job', 'purge'],
  ['job', 'purge', '-f', '--num-limit=1'],
  ['jobs', '-a', '-no', '{name}'],
  ['exec', '-r', '0-3', 'flux', 'getattr', 'rank'],
  ['exec', '-r', '1', 'sh', '-c', 'exit 4'],
  ['event', 'pub', '--synchronous', 'test.jobs'],
  ['ping', '--count=1', '--interval=0', '9'],
  ['proxy', 'URI', 'flux', 'getattr', 'size'],
  ['module', 'list', '-o', '{name}'],
];

/** Of which the lines come in any order: those of several ranks, and the ends of several streams. */
const isUnordered = (args: readonly string[]) =>
  args.some((word) => ['exec', 'bulksubmit', 'output', 'guest.output'].includes(word));

class Side {
  readonly uri: string;
  readonly #ids: string[] = [];

  constructor(uri: string) {
    this.uri = uri;
  }

  async run(args: readonly string[]): Promise<CommandResult> {
    const filled = args.map((word) =>
      word === 'URI' ? this.uri : word.replace(/JOB(\d+)/, (_, number) => this.#ids[Number(number) - 1] ?? 'fzz'),
    );
    const result = await runFlux(flux!, filled, this.uri);
    if (args[0] === 'submit' || args[0] === 'bulksubmit') {
      this.#ids.push(...result.out.split('\n').filter((line) => /^ƒ\w+$/.test(line)));
    }
    const [out, err] = [result.out, result.err].map((text) => this.#mask(text, isUnordered(args)));
    return { out: out!, err: err!, code: result.code };
  }

  // What differs between two runs of the same thing: ids, times, process ids. The kind of each number stays.
  #mask(text: string, anyOrder: boolean): string {
    const masked = text
      .replaceAll(this.uri, 'URI')
      .replace(/ƒ\w{6,}/g, (id) => (this.#ids.includes(id) ? `JOB${this.#ids.indexOf(id) + 1}` : 'JOB'))
      .replace(/"jobid": "[^"]+"/g, '"jobid": ID')
      .replace(/"(id|R_id)":( ?)\d+/g, '"$1":$2ID')
      .replace(/\b\d+-shell-\w+/g, 'SHELL')
      .replace(/"(runtime|t_remaining)":( ?)[\d.]+/g, '"$1":$2SECONDS')
      .replace(/\b1[5-9]\d{8}\.\d+/g, 'TIME.F')
      .replace(/\b1[5-9]\d{8}\b/g, 'TIME')
      .replace(/\b\d+\.\d{3,}s?\b/g, 'SECONDS')
      .replace(/^ *\d+\.\d+s: /gm, 'SECONDS: ')
      .replace(/\bseq=\d+/g, 'seq=N')
      .replace(/"(pid|hostpid)":( ?)\d+/g, '"$1":$2PID');
    return anyOrder ? masked.split('\n').sort().join('\n') : masked;
  }
}

describe.skipIf(flux === undefined)('jobs by the real flux command', () => {
  let theirs: RealInstance | undefined;
  let ours: Instance | undefined;
  let sides: Side[];

  beforeAll(async () => {
    theirs = await startRealInstance(flux!, size);
    ours = startInstance({ size, config, socketRanks: [0, 1, 2, 3], hostname: (rank) => `node${rank}` });
    await ours.ready();
    sides = [new Side(theirs.uri), new Side(ours.uri(0))];
  });

  afterAll(async () => {
    await ours?.stop();
    await theirs?.stop();
  });

  it.each(story.map((args, index) => [index, args.join(' '), args] as const))('%i: flux %s', async (_, __, args) => {
    const [expected, found] = await Promise.all(sides.map((side) => side.run(args)));
    expect(found).toEqual(expected);
  });
});
