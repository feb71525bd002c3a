/**
 * `flux relay PATH`: carries bytes between standard input and output and the broker's local socket. The broker's own
 * handshake byte is the one that the other end waits for.
 */
import { createConnection } from 'node:net';
import { CommandError } from '../command-module.ts';
import { parser } from '../parser.ts';

export async function run(words: string[]): Promise<number> {
  const program = parser('relay', 'Carry messages between standard input and output and a broker').argument(
    '<path>',
    'socket, or the folder that holds it',
  );
  const [path] = program.parse(words, { from: 'user' }).args;
  const socket = createConnection(path!.replace(/^local:\/\//, ''));
  return new Promise((resolve, reject) => {
    socket.once('error', (error) => reject(new CommandError(`${path}: ${error.message}`)));
    socket.once('connect', () => {
      process.stdin.pipe(socket);
      socket.pipe(process.stdout);
    });
    socket.once('close', () => resolve(0));
    process.stdout.once('error', () => socket.destroy());
  });
}
