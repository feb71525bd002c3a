/** `flux lsattr`, `getattr` and `setattr`. */
import { atBothBrokers } from './both-brokers.ts';

const commandLines = [
  ['lsattr', '--help'],
  ['lsattr'],
  ['lsattr', '-v'],
  ['lsattr', 'x'],
  ['getattr'],
  ['getattr', '--help'],
  ['getattr', 'size'],
  ['getattr', 'nosuch'],
  ['getattr', 'parent-uri'],
  ['setattr'],
  ['setattr', '--help'],
  ['setattr', '--nosuch'],
  ['setattr', 'nosuch', '1'],
  ['setattr', 'size', '3'],
  ['setattr', 'log-stderr-level', '5'],
  ['getattr', 'log-stderr-level'],
  ['setattr', 'log-stderr-level', '99'],
  ['setattr', '-f', 'tbon.zmqdebug', '1'],
  ['getattr', 'tbon.zmqdebug'],
];

atBothBrokers(
  'attributes',
  commandLines.map((words) => ({ words })),
);
