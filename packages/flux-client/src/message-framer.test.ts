import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Flag, jsonPayload, type Message, type MessageType, NodeId } from './message.ts';
import { frameMessage, largestMessage, MessageFramer } from './message-framer.ts';
import { ProtocolError } from './protocol-error.ts';

const attrGet: Message = {
  type: 'request',
  flags: 0,
  userid: 0xffff_ffff,
  rolemask: 0,
  aux1: NodeId.Any,
  aux2: 1,
  topic: 'attr.get',
  payload: jsonPayload({ name: 'size' }),
  routes: [],
};
const attrGetBytes = Buffer.from(
  '1200eeff000000300008617474722e676574107b226e616d65223a2273697a65227d00148e01010bffffffff00000000ffffffff00000001',
  'hex',
);

const word = fc.integer({ min: 0, max: 0xffff_ffff });
const topic = fc.stringMatching(/^[a-z][a-z0-9.-]{0,300}$/);
const route = fc.uuid();
const arbitraryMessage: fc.Arbitrary<Message> = fc
  .record({
    type: fc.constantFrom<MessageType>('request', 'response', 'event', 'control'),
    flags: fc.constantFrom(0, Flag.NoResponse, Flag.Streaming, Flag.Upstream, Flag.Private, Flag.User1),
    userid: word,
    rolemask: word,
    aux1: word,
    aux2: word,
    topic: fc.option(topic, { nil: undefined }),
    payload: fc.option(
      fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes)),
      { nil: undefined },
    ),
    routes: fc.option(fc.array(route, { maxLength: 6 }), { nil: undefined }),
  })
  .filter(({ type, topic }) => topic !== undefined || type === 'response' || type === 'control');

describe('framing', () => {
  it('is that of libflux-core', () => {
    expect(frameMessage(attrGet).toString('hex')).toBe(attrGetBytes.toString('hex'));
    expect(new MessageFramer().push(attrGetBytes)).toEqual([attrGet]);
  });

  it('gives back every message, however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(arbitraryMessage, { maxLength: 5 }), fc.nat(2000), (messages, cut) => {
        const bytes = Buffer.concat(messages.map(frameMessage));
        const framer = new MessageFramer();
        const at = Math.min(cut, bytes.length);
        expect([...framer.push(bytes.subarray(0, at)), ...framer.push(bytes.subarray(at))]).toEqual(messages);
      }),
      { numRuns: 500 },
    );
  });

  it('does not copy payloads', () => {
    const bytes = Buffer.from(attrGetBytes);
    const [message] = new MessageFramer().push(bytes);
    expect(message!.payload!.buffer).toBe(bytes.buffer);
  });

  it.each([
    ['another magic', '1200eefe00000000'],
    ['an empty message', '1200eeff00000000'],
    ['no proto frame', '1200eeff000000020161'],
    ['a message that is too large', `1200eeff${(largestMessage + 1).toString(16).padStart(8, '0')}`],
    ['a frame that is too long', '1200eeff0000000210'.concat('00')],
    ['a long length that is cut', '1200eeff00000003ff0000'],
    ['a request without topic', '1200eeff00000015148e010100ffffffff00000000ffffffff00000001'],
    ['a message type that is not one', '1200eeff00000015148e010300ffffffff00000000ffffffff00000001'],
    ['another version', '1200eeff00000015148e020800ffffffff00000000ffffffff00000001'],
    ['a route stack without delimiter', '1200eeff00000015148e010208ffffffff00000000ffffffff00000001'],
    ['a topic flag without topic', '1200eeff00000015148e010201ffffffff00000000ffffffff00000001'],
    ['a payload flag without payload', '1200eeff00000015148e010202ffffffff00000000ffffffff00000001'],
    ['a frame too many', '1200eeff000000170161148e010200ffffffff00000000ffffffff00000001'],
    ['flags that exclude each other', '1200eeff000000170161148e010145ffffffff00000000ffffffff00000001'],
    ['a topic that is not UTF-8', '1200eeff0000001701c3148e010201ffffffff00000000ffffffff00000001'],
    ['a topic with a NUL', '1200eeff000000170100148e010201ffffffff00000000ffffffff00000001'],
  ])('refuses %s', (_, hex) => {
    expect(() => new MessageFramer().push(Buffer.from(hex, 'hex'))).toThrow(ProtocolError);
  });

  it('refuses to send what no peer takes', () => {
    const message = { ...attrGet, payload: { length: largestMessage } as unknown as Uint8Array };
    expect(() => frameMessage(message)).toThrow(RangeError);
  });
});
