/** `flux overlay`. */
import { atBothBrokers, type Line } from './both-brokers.ts';

const durations = (text: string) =>
  text.replaceAll(/ for [\d.]+[mu]?[smhd]+/g, ' for TIME').replaceAll(/\([\d.]+ ms\)/g, '(N ms)');

const commandLines = [
  [],
  ['--help'],
  ['--nosuch'],
  ['nosuch'],
  ...['status', 'errors', 'lookup', 'parentof', 'disconnect'].map((name) => [name, '--help']),
  ['status'],
  ['status', '-v'],
  ['status', '-vv'],
  ['status', '-v2'],
  ['status', '--verbose=1', '--no-pretty'],
  ['status', '--summary'],
  ['status', '--summary', '-vv'],
  ['status', '--down'],
  ['status', '-r', '1'],
  ['status', '-r', '9'],
  ['status', '-r', 'x'],
  ['status', '-w', 'full'],
  ['status', '-w', 'nosuch'],
  ['status', '-w', 'lost', '-t', '0.2'],
  ['status', '-t', 'x'],
  ['status', '-H', '2'],
  ['status', '-H', '2', '-L'],
  ['status', '-H', '7-9'],
  ['status', '-H', 'nosuch'],
  ['status', '--color=nosuch'],
  ['errors'],
  ['errors', '-t', '1'],
  ['lookup'],
  ['lookup', '0-1'],
  ['lookup', '9'],
  ['lookup', 'nosuch'],
  ['lookup', 'x['],
  ['parentof'],
  ['parentof', '3'],
  ['parentof', '0'],
  ['parentof', '9'],
  ['parentof', 'x'],
  ['disconnect'],
  ['disconnect', 'nosuch'],
  ['disconnect', '0'],
  ['disconnect', '9'],
  ['disconnect', '-r', '0', '9'],
];

atBothBrokers(
  'the overlay',
  commandLines.map((words): Line => ({ words: ['overlay', ...words], normalize: durations })),
);
