/** Hostile bytes: tens of thousands of mutations of the recorded session. Each run is the same; the seed is below. */
import { expect, it } from 'vitest';
import { framedBytes, recordedSession } from './fixtures/recorded-session.ts';
import { type Message, payloadJson } from './message.ts';
import { frameMessage, MessageFramer } from './message-framer.ts';
import { ProtocolError } from './protocol-error.ts';

const seed = 20260119;
const rounds = 40_000;

// Mulberry32: small, and the same everywhere.
function randomOf(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const random = randomOf(seed);
const below = (limit: number) => Math.floor(random() * limit);

const corpus = recordedSession()
  .map(framedBytes)
  .filter((bytes) => bytes.length > 0)
  .map((bytes) => bytes.subarray(0, 6000));

const mutations: ((bytes: Buffer) => Buffer)[] = [
  (bytes) => {
    for (let i = 0; i <= below(8); i++) bytes[below(bytes.length)] = below(256);
    return bytes;
  },
  (bytes) => {
    bytes[below(bytes.length)]! ^= 1 << below(8);
    return bytes;
  },
  (bytes) => bytes.subarray(0, below(bytes.length)),
  (bytes) => bytes.subarray(below(bytes.length)),
  (bytes) => {
    const at = below(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), Buffer.alloc(below(300), below(256)), bytes.subarray(at)]);
  },
  (bytes) => Buffer.concat([bytes.subarray(0, below(bytes.length)), corpus[below(corpus.length)]!]),
  (bytes) => {
    // The size field of the first message, where the most can be asked for.
    if (bytes.length >= 8) bytes.writeUInt32BE(below(2) ? 0xffff_ffff - below(9) : below(70_000), 4);
    return bytes;
  },
  (bytes) => {
    const at = 8 + below(Math.max(1, bytes.length - 13));
    bytes[at] = 255;
    if (at + 5 <= bytes.length) bytes.writeUInt32BE(below(2 ** 32), at + 1);
    return bytes;
  },
  () => Buffer.from(Array.from({ length: below(200) }, () => below(256))),
];

it(`stands ${rounds} mutations of recorded streams, seed ${seed}`, () => {
  let refused = 0;
  let read = 0;
  let badPayloads = 0;
  for (let round = 0; round < rounds; round++) {
    let bytes: Buffer = Buffer.from(corpus[below(corpus.length)]!);
    for (let i = 0; i <= below(3); i++) {
      if (bytes.length === 0) break;
      bytes = Buffer.from(mutations[below(mutations.length)]!(bytes));
    }
    const framer = new MessageFramer();
    const messages: Message[] = [];
    try {
      const cut = below(bytes.length + 1);
      messages.push(...framer.push(bytes.subarray(0, cut)), ...framer.push(bytes.subarray(cut)));
    } catch (error) {
      expect(error, `round ${round}: ${bytes.toString('base64')}`).toBeInstanceOf(ProtocolError);
      refused++;
    }
    // No more is kept than was sent.
    if (framer.buffered > bytes.length) throw new Error(`round ${round}: keeps ${framer.buffered} bytes`);
    for (const message of messages) {
      read++;
      // What is read can be sent on, and is then read as the same.
      const bytes = frameMessage(message);
      const again = new MessageFramer().push(bytes);
      if (again.length !== 1 || !frameMessage(again[0]!).equals(bytes)) throw new Error(`round ${round}: changed`);
      try {
        payloadJson(message);
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError);
        badPayloads++;
      }
    }
  }
  expect(refused).toBeGreaterThan(rounds / 4);
  expect(read).toBeGreaterThan(rounds / 4);
  expect(badPayloads).toBeGreaterThan(100);
});

it('reads a long message in small chunks in time that grows with its length alone', () => {
  const message: Message = {
    type: 'response',
    flags: 0,
    userid: 0,
    rolemask: 1,
    aux1: 0,
    aux2: 1,
    topic: 'content.load',
    payload: Buffer.alloc(32 * 1024 * 1024, 7),
    routes: [],
  };
  const bytes = frameMessage(message);
  const framer = new MessageFramer();
  const messages: Message[] = [];
  for (let at = 0; at < bytes.length; at += 1024) messages.push(...framer.push(bytes.subarray(at, at + 1024)));
  expect(messages).toHaveLength(1);
  expect(Buffer.compare(messages[0]!.payload!, message.payload!)).toBe(0);
});
