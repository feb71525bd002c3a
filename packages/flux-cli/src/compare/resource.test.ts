/** `flux resource`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { atBothBrokers, type Both, type Line } from './both-brokers.ts';

const line = (...words: string[]): Line => ({ words: ['resource', ...words], normalize: withoutTimes });

/** Times of events and of drained nodes. */
function withoutTimes(text: string): string {
  return text
    .replaceAll(/\d{10}\.\d+/g, 'T')
    .replaceAll(/\[\s*\+[\d.]+\]|\[?[A-Z][a-z]{2}\d\d \d\d:\d\d\]?/g, 'T')
    .replaceAll(/^ +\d+\.\d{6} /gm, 'T ')
    .replaceAll(/^\d{4}-\d\d-\d\dT[\d:.]+\S*/gm, 'T');
}

const subcommands = ['drain', 'undrain', 'status', 'list', 'info', 'reload', 'R', 'eventlog', 'acquire-mute'];

const general: Line[] = [
  line(),
  line('--help'),
  line('-z', 'list'),
  line('nosuch'),
  ...subcommands.flatMap((name) => [line(name, '--help'), line(name, '--nosuch', '0')]),
];

const list = [
  [],
  ['-s', 'all'],
  ['-s', 'free,nosuch'],
  ['--state', 'up,down,free'],
  ['-n'],
  ['-o', 'rlist'],
  ['-o', 'help'],
  ['-o', 'get-config=rlist'],
  ['-o', 'nosuch'],
  ['-o', '{nosuch}'],
  ['-o', '{nnodes'],
  ['-no', '{properties}', '-s', 'all'],
  ['-no', '{nnodes} {ncores} {ngpus} {ranks} {rlist}'],
  ['-o', '{state} {queue} {nodelist}'],
  ['-i', '1-2'],
  ['-i', '7'],
  ['-i', '7', '--no-skip-empty'],
  ['-i', 'nohost'],
  ['-i', '[x'],
  ['-q', 'nosuch'],
  ['--skip-empty'],
  ['x'],
].map((words) => line('list', ...words));

const status = [
  [],
  ['-s', 'all'],
  ['-s', 'help'],
  ['-s', 'nosuch'],
  ['-s', 'online'],
  ['-s', 'offline'],
  ['-s', 'online,drain,avail', '--skip-empty'],
  ['-L'],
  ['-Lnever'],
  ['-Lnosuch'],
  ['-o', 'long'],
  ['-o', '{up.ascii} {statex} {status} {ranks} {timestamp}'],
  ['-o', '{offline}'],
  ['-i', '0-1', '-s', 'all'],
  ['-i', '[x'],
  ['-q', 'nosuch'],
  ['-n'],
].map((words) => line('status', ...words));

const others = [
  line('info'),
  line('info', '-s', 'free,down'),
  line('info', '-s', 'down'),
  line('info', '-i', '2'),
  line('info', '-s', 'nosuch'),
  line('R'),
  line('R', '-s', 'down'),
  line('R', '-s', 'allocated,down'),
  line('R', '-i', '1,3'),
  line('R', '-s', 'nosuch'),
  line('drain'),
  line('drain', '-o', 'help'),
  line('drain', '-fu', '0'),
  line('drain', '9'),
  line('drain', 'nohost'),
  line('drain', '[x'),
  line('undrain'),
  line('undrain', '1'),
  line('undrain', '-fu', '1'),
  line('reload'),
  line('reload', '/nosuch'),
];

const eventlog = [
  ['-m', 'x'],
  ['-m', '=x'],
  ['-t', 'x'],
  ['-f', 'nosuch'],
  ['-i', '[x'],
  ['-i', 'nohost,nohost2'],
  ['-i', '99'],
].map((words) => line('eventlog', ...words));

const R = {
  version: 1,
  execution: {
    R_lite: [
      { rank: '0-3', children: { core: '0-3' } },
      { rank: '4', children: { core: '0-1', gpu: '0' } },
    ],
    starttime: 0,
    expiration: 0,
    nodelist: ['h[10-14]'],
    properties: { slow: '0-1', fast: '2-4', ssd: '4' },
  },
};

/** A part of it. */
function part(rank: string, core: string, host: string, property: string) {
  const execution = { R_lite: [{ rank, children: { core } }], nodelist: [host], properties: { [property]: rank } };
  return { ...R, execution: { ...R.execution, ...execution } };
}

const view = JSON.stringify({
  all: R,
  down: part('3', '0-3', 'h13', 'fast'),
  allocated: part('0', '0-1', 'h10', 'slow'),
});

const states = JSON.stringify({
  R,
  online: '0-2,4',
  offline: '3',
  exclude: '0',
  torpid: '1-2',
  drain: { '1,3': { timestamp: 1e9, reason: 'broken' }, '4': { timestamp: 1e9, reason: 'broken' } },
});

const fromInput = [
  ...[[], ['-o', 'rlist'], ['-s', 'all'], ['-o', '{state} {nnodes}'], ['-i', '0,3'], ['-i', 'h[10,14]']].map(
    (words) => ({ ...line('list', '--from-stdin', ...words), input: view }),
  ),
  ...[['-s', 'free'], []].flatMap((words) => [
    { ...line('info', '--from-stdin', ...words), input: view },
    { ...line('R', '--from-stdin', ...words), input: view },
  ]),
  ...[[], ['-s', 'all'], ['-s', 'offline'], ['-s', 'drain,torpid'], ['-o', 'long'], ['-i', 'h[12-13]'], ['-L']].map(
    (words) => ({ ...line('status', '--from-stdin', ...words), input: states }),
  ),
  { ...line('status', '--from-stdin'), input: '' },
];

const folder = mkdtempSync(join(tmpdir(), 'flux-resource-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const configFile = join(folder, 'config.json');
writeFileSync(
  configFile,
  JSON.stringify({
    queues: { batch: { requires: ['slow'] }, debug: { requires: ['fast', 'ssd'] }, v: { parent: 'batch' } },
  }),
);

const inQueues = [
  ...[[], ['-q', 'batch'], ['-q', 'v'], ['-q', 'nosuch'], ['-o', '{queue}:{nnodes}'], ['-q', 'batch', '-i', '1-2']].map(
    (words) => ({ ...line('list', '--from-stdin', '--config-file', configFile, ...words), input: view }),
  ),
  { ...line('info', '--from-stdin', '--config-file', configFile, '-q', 'debug'), input: view },
  { ...line('R', '--from-stdin', '--config-file', configFile, '-q', 'debug'), input: view },
  ...[
    ['-q', 'debug'],
    ['-q', 'batch', '-i', '3-4', '-s', 'all'],
  ].map((words) => ({
    ...line('status', '--from-stdin', '--config-file', configFile, ...words),
    input: states,
  })),
];

atBothBrokers(
  'flux resource',
  [...inQueues, ...general, ...list, ...status, ...others, ...eventlog, ...fromInput],
  (both) => {
    it('drains and undrains', () => drainsAndUndrains(both), 60_000);
  },
);

async function drainsAndUndrains({ run, same }: Both): Promise<void> {
  const reads = [
    line('drain'),
    line('drain', '-o', 'long'),
    line('drain', '-n', '-i', '0'),
    line('status'),
    line('status', '-o', 'long', '-s', 'all'),
    line('list'),
    line('R', '-s', 'down'),
  ];
  const both = async (...words: string[]) => {
    expect((await run('ours', line(...words))).exitCode).toBe(0);
    for (const each of reads) await same(each);
  };
  await both('drain', '0,2', 'a', '--reason');
  await same(line('drain', '2', 'again'));
  await both('drain', '-f', '2', 'b');
  await both('drain', '-u', '1-2');
  await same(line('undrain', '0,3'));
  await both('undrain', '-u', '0,3');
  await both('undrain', '1-2', 'done');
  for (const words of [[], ['-H'], ['-T', 'offset'], ['-T', 'iso', '-L'], ['-f', 'json'], ['-i', '2']]) {
    await same(line('eventlog', ...words));
  }
  await same(line('eventlog', '-w', 'undrain', '-m', 'idset=1-2'));
  await same(line('eventlog', '-F', '-t', '0.5'));
}
