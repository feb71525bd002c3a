/** `flux event sub`. */
import type { Flux, Message } from '@ebb/flux-client';
import { CommandError } from '../../command-module.ts';
import { type CSyntax, parseCOptions } from '../../options/c-options.ts';
import { failureOf } from '../../with-broker.ts';

const syntax: CSyntax = {
  program: 'flux-event sub',
  usage: '[OPTIONS] [topic...]',
  options: [{ name: 'count', key: 'c', takes: 'value', shown: 'N', help: 'Process N events then exit' }],
};

export async function run(flux: Flux, words: readonly string[]): Promise<number> {
  const options = parseCOptions(syntax, words);
  const count = options.integer('count') ?? 0;
  const topics = options.words.length > 0 ? options.words : [''];
  let received = 0;
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const seen = new Set<Message>();
  const show = (message: Message) => {
    // One event may match several topics that were asked for.
    if (seen.has(message) || (count > 0 && received === count)) return;
    seen.clear();
    seen.add(message);
    process.stdout.write(`${message.topic}\t${printable(message.payload)}\n`, 'latin1');
    received++;
    if (received === count) finish();
  };
  await Promise.all([...new Set(topics)].map((topic) => flux.subscribe(topic, ({ message }) => show(message)))).catch(
    (error) => failureOf('flux_event_subscribe', error),
  );
  await Promise.race([finished, flux.closed]);
  if (flux.isClosed) throw new CommandError('flux_reactor_run: Connection reset by peer');
  return 0;
}

/** The text of a payload that ends as text does, the bytes of another with a dot for what cannot be printed. */
function printable(payload: Uint8Array | undefined): string {
  if (!payload) return '';
  const bytes = Buffer.from(payload);
  if (bytes.at(-1) === 0) return bytes.toString('latin1', 0, bytes.indexOf(0));
  return bytes.toString('latin1').replaceAll(/[^ -~]/g, '.');
}
