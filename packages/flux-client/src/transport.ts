/** A connected peer that messages go to and come from: a local socket, a relay's stream, or the broker in this process. */
import type { Message } from './message.ts';

export interface Transport {
  send(message: Message): void;
  /** Called for each message, in order. Set once, before anything is received. */
  onMessage(handler: (message: Message) => void): void;
  /** Called once, when nothing more will come; with the error that ended it, if there was one. */
  onClose(handler: (error?: Error) => void): void;
  close(): void;
}
