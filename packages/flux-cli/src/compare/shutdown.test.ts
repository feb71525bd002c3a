/** `flux shutdown` and `flux startlog`, where they change nothing. */
import { atBothBrokers, type Line } from './both-brokers.ts';

const commandLines = [
  ['shutdown', '--help'],
  ['shutdown', 'a', 'b'],
  ['shutdown', '--nosuch'],
  ['shutdown', '--gc', '--dump=x'],
  ['shutdown', '--gc', '--skip-gc'],
  ['startlog', '--help'],
  ['startlog'],
  ['startlog', '-v'],
  ['startlog', '--check'],
  ['startlog', '--check', '--quiet'],
  ['startlog', '--nosuch'],
];

atBothBrokers(
  'starts and ends',
  commandLines.map(
    (words): Line => ({
      words,
      normalize: (text) => text.replaceAll(/\([\d.]+m?s?\)/g, '(TIME)').replaceAll(/^ *0\.88\.0\S*/gm, 'VERSION'),
    }),
  ),
);
