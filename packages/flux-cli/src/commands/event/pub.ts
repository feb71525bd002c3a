/** `flux event pub`. */
import { Flag, type Flux, type Message, noMatchtag, Role, textPayload, unknownUser } from '@ebb/flux-client';
import { type COptions, type CSyntax, parseCOptions } from '../../options/c-options.ts';
import { failureOf } from '../../with-broker.ts';

const syntax: CSyntax = {
  program: 'flux-event pub',
  usage: '[OPTIONS] topic [payload]',
  options: [
    { name: 'raw', key: 'r', help: 'Interpret event payload as raw.' },
    { name: 'synchronous', key: 's', help: 'Wait for event sequence assignment before exiting.' },
    { name: 'loopback', key: 'l', help: 'Wait for published event to be received before exiting.' },
    { name: 'private', key: 'p', help: 'Set privacy flag on published event.' },
  ],
};

export async function run(flux: Flux, words: readonly string[]): Promise<number> {
  const options: COptions = parseCOptions(syntax, words);
  const [topic, ...rest] = options.words;
  if (topic === undefined) options.failWithUsage();
  const text = rest.length > 0 ? rest.join(' ') : undefined;
  const payload = text === undefined ? undefined : options.has('raw') ? Buffer.from(text) : textPayload(text);
  const received = options.has('loopback') ? await arrival(flux, topic, payload) : undefined;
  const flags = options.has('private') ? Flag.Private : 0;
  try {
    if (options.has('synchronous')) {
      const request = { topic, flags, ...(payload ? { payload: Buffer.from(payload).toString('base64') } : {}) };
      const { seq } = await flux.rpc<{ seq: number }>('event.publish', request, { nodeid: 0 });
      process.stdout.write(`seq=${seq}\n`);
    } else flux.sendMessage(eventMessage(topic, flags, payload));
  } catch (error) {
    failureOf('publish failed', error);
  }
  await received?.comes;
  return 0;
}

function eventMessage(topic: string, flags: number, payload: Uint8Array | undefined): Message {
  const sender = { userid: unknownUser, rolemask: Role.None };
  return { type: 'event', flags, ...sender, aux1: 0, aux2: noMatchtag, topic, payload };
}

/** Subscribes; `comes` resolves when an event with this payload has come. */
async function arrival(
  flux: Flux,
  topic: string,
  payload: Uint8Array | undefined,
): Promise<{ readonly comes: Promise<void> }> {
  let arrived = () => {};
  const comes = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  await flux
    .subscribe(topic, ({ topic: of, message }) => {
      if (of === topic && Buffer.compare(message.payload ?? nothing, payload ?? nothing) === 0) arrived();
    })
    .catch((error) => failureOf('flux_event_subscribe', error));
  return { comes };
}

const nothing = Buffer.alloc(0);
