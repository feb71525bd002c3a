import { parseJson, printJson } from '@ebb/flux-formats';
import { describe, expect, it } from 'vitest';
import { framedBytes, recordedSession } from './fixtures/recorded-session.ts';
import { decodeFrames, encodeFrames } from './frames.ts';
import { type Message, payloadJson } from './message.ts';
import { frameMessage, MessageFramer } from './message-framer.ts';

const session = recordedSession();
const messagesOf = (bytes: Buffer) => new MessageFramer().push(Buffer.from(bytes));
const all: Message[] = session.flatMap((stream) => messagesOf(framedBytes(stream)));

describe('the recorded session of flux-core 0.88', () => {
  it('holds both directions of all commands', () => {
    expect(new Set(session.map(({ command }) => command)).size).toBe(77);
    expect(all.length).toBeGreaterThan(1000);
    expect(new Set(all.map(({ type }) => type))).toEqual(new Set(['request', 'response', 'event']));
  });

  it('begins each broker stream with the byte that accepts', () => {
    for (const { from, data } of session) if (from === 'broker') expect(data[0]).toBe(0);
  });

  it.each(session.map((stream) => [`${stream.command} ${stream.connection} ${stream.from}`, stream] as const))(
    '%s: decodes and encodes to the same bytes',
    (_, stream) => {
      const bytes = framedBytes(stream);
      expect(Buffer.concat(messagesOf(bytes).map(frameMessage)).equals(bytes)).toBe(true);
    },
  );

  it('is the same through the frames that the overlay uses', () => {
    for (const message of all) expect(decodeFrames(encodeFrames(message))).toEqual(message);
  });

  it('is read alike whatever the sizes of the chunks', () => {
    for (const stream of session.slice(0, 40)) {
      const bytes = framedBytes(stream);
      for (const size of [1, 7, 64, 1000]) {
        const framer = new MessageFramer();
        const messages: Message[] = [];
        for (let at = 0; at < bytes.length; at += size) messages.push(...framer.push(bytes.subarray(at, at + size)));
        expect(messages).toEqual(messagesOf(bytes));
        expect(framer.buffered).toBe(0);
      }
    }
  });

  it('has JSON payloads that keep every digit', () => {
    let large = 0;
    for (const message of all) {
      if (message.aux1 !== 0 && message.type === 'response') continue;
      if (message.topic === 'log.dmesg' && message.type === 'response') continue;
      if (message.topic === 'log.append' || message.payload === undefined) continue;
      const value = payloadJson(message);
      const text = printJson(value);
      expect(parseJson(text)).toEqual(value);
      if (/\d{17}/.test(text)) large++;
    }
    expect(large).toBeGreaterThan(0);
  });
});
