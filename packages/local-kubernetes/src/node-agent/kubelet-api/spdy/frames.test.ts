import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  askedWindow,
  type ControlFrame,
  controlFrame,
  type DataFrame,
  dataFrame,
  FrameReader,
  largestControlBody,
  SpdyError,
  wordAt,
  words,
} from './frames.ts';

type Frame = ControlFrame | DataFrame;

function readAll(chunks: readonly Buffer[]): Frame[] {
  const reader = new FrameReader();
  return chunks.flatMap((chunk) => [...reader.read(chunk)]);
}

/** Data frames come in parts, as chunks cut them: those of one frame are put together again. */
function joined(frames: readonly Frame[]): unknown[] {
  const all: unknown[] = [];
  let text = '';
  for (const frame of frames) {
    if (frame.kind === 'control') all.push({ ...frame, body: frame.body.toString('hex') });
    else {
      text += `${frame.streamId}:${frame.data.toString('hex')}|`;
      if (frame.isLast) {
        all.push(text.replaceAll(`|${frame.streamId}:`, ''));
        text = '';
      }
    }
  }
  return all;
}

const anyFrame = fc.oneof(
  fc.record({ type: fc.nat(0xffff), flags: fc.nat(255), body: fc.uint8Array({ maxLength: 200 }) }),
  fc.record({ streamId: fc.nat(0x7fffffff), data: fc.uint8Array({ maxLength: 400 }) }),
);

function encode(frame: { type: number; flags: number; body: Uint8Array } | { streamId: number; data: Uint8Array }) {
  return 'type' in frame
    ? controlFrame(frame.type, frame.flags, Buffer.from(frame.body))
    : dataFrame(frame.streamId, Buffer.from(frame.data), true);
}

describe('SPDY frames', () => {
  it.each([
    ['a PING', controlFrame(6, 0, words(1)), '80030006' + '00000004' + '00000001'],
    ['a RST_STREAM', controlFrame(3, 0, words(5, 8)), '80030003' + '00000008' + '00000005' + '00000008'],
    ['data', dataFrame(7, Buffer.from('hi'), false), '00000007' + '00000002' + '6869'],
    ['the end of a stream', dataFrame(7, Buffer.alloc(0), true), '00000007' + '01000000'],
  ])('writes %s as the draft draws it', (_, frame, hex) => {
    expect(frame.toString('hex')).toBe(hex);
  });

  it('reads back what was written, however it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(anyFrame, { maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 300 })),
        (frames, sizes) => {
          const bytes = Buffer.concat(frames.map(encode));
          const chunks: Buffer[] = [];
          let at = 0;
          for (const size of sizes) chunks.push(bytes.subarray(at, (at += size)));
          chunks.push(bytes.subarray(at));
          expect(joined(readAll(chunks))).toEqual(joined(readAll([bytes])));
          expect(joined(readAll([bytes]))).toHaveLength(frames.length);
        },
      ),
    );
  });

  it('meets any bytes with frames or a SpdyError', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 100 })), (chunks) => {
        try {
          for (const frame of readAll(chunks.map((chunk) => Buffer.from(chunk)))) {
            if (frame.kind === 'control') expect(frame.body.length).toBeLessThanOrEqual(largestControlBody);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(SpdyError);
        }
      }),
    );
  });

  it('hands the data of a frame of 16 MB on as it comes', () => {
    const reader = new FrameReader();
    const [first] = reader.read(Buffer.from('00000001' + '01ffffff' + '6869', 'hex'));
    expect(first).toMatchObject({ kind: 'data', streamId: 1, isLast: false });
    const [next] = reader.read(Buffer.alloc(0xffffff - 2));
    expect(next).toMatchObject({ streamId: 1, isLast: true });
  });

  it.each([
    ['a control frame that says it is long', '80030001' + '00ffffff'],
    ['another version', '80020001' + '00000000'],
  ])('refuses %s before it holds any of it', (_, hex) => {
    expect(() => readAll([Buffer.from(hex, 'hex')])).toThrow(SpdyError);
  });

  it('reads the window of SETTINGS, and refuses settings and numbers that are cut short', () => {
    expect(askedWindow(Buffer.concat([words(2), words(4, 100), words(7, 5000)]))).toBe(5000);
    expect(askedWindow(words(0))).toBeUndefined();
    expect(() => askedWindow(words(0xffffff, 7, 1))).toThrow(SpdyError);
    expect(() => wordAt(Buffer.alloc(3), 0)).toThrow(SpdyError);
    expect(wordAt(words(0xffffffff), 0)).toBe(0x7fffffff);
  });
});
