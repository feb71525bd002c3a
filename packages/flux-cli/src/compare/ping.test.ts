/** `flux ping`. */
import { atBothBrokers } from './both-brokers.ts';

/** Without times and the ids of connections, but with how many hops there were. */
const normalize = (text: string) =>
  text.replaceAll(/time=\d+\.\d{3} ms/g, 'time=T ms').replaceAll(/[0-9a-f]{8}(?=[!)])/g, 'ID');

const commandLines = [
  ['-c1', '0'],
  ['-c2', '-i', '10ms', '3'],
  ['-c1', '-u', 'any'],
  ['-c3', '-b', '-i0', 'kvs'],
  ['-c1', '2!job-info'],
  ['-c1', '--rank=1', 'content'],
  ['-c1', '-r', '1', '2!broker'],
  ['-c1', '--pad=1.5k', 'broker'],
  ['-c1', '-p', '1e100', '0'],
  ['-c1', '-p', '3G', '0'],
  ['-c1', '-p', 'much', '0'],
  ['-c', 'x', '0'],
  ['-c', '-1', '0'],
  ['-i', 'soon', '0'],
  ['-b', '0'],
  ['upstream'],
  ['nosuch'],
  ['9'],
  ['1!nosuch'],
  ['nosuchhost!broker'],
  ['-c1', '!broker'],
  [],
  ['0', '1'],
  ['--help'],
  ['--nosuch'],
  ...['job-manager', 'job-ingest', 'job-exec', 'job-list', 'sched', 'resource', 'heartbeat', 'cron', 'kvs-watch'].map(
    (service) => ['-c1', service],
  ),
  ...[
    'event',
    'log',
    'attr',
    'groups',
    'overlay',
    'service',
    'config',
    'runat',
    'module',
    'state-machine',
    'rexec',
  ].map((service) => ['-c1', service]),
];

atBothBrokers(
  'pings',
  commandLines.map((words) => ({ words: ['ping', ...words], normalize })),
);
