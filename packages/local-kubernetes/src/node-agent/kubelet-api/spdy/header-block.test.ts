import { constants, createDeflate } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spdyDictionary } from './dictionary.ts';
import { SpdyError } from './frames.ts';
import { formatHeaders, HeaderDeflater, HeaderInflater, largestHeaderBlock, parseHeaders } from './header-block.ts';

/** Folds as clients do: zlib with the dictionary, flushed after each block. */
function folder(): (block: Buffer) => Promise<Buffer> {
  const deflate = createDeflate({ dictionary: spdyDictionary });
  return (block) =>
    new Promise((resolve) => {
      deflate.write(block);
      deflate.flush(constants.Z_SYNC_FLUSH, () => {
        const parts: Buffer[] = [];
        for (let part = deflate.read() as Buffer | null; part !== null; part = deflate.read() as Buffer | null) {
          parts.push(part);
        }
        resolve(Buffer.concat(parts));
      });
    });
}

const anyHeaders = fc
  .array(fc.tuple(fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/), fc.string({ unit: 'binary', maxLength: 50 })))
  .map((pairs) => new Map(pairs));

describe('SPDY header blocks', () => {
  it('has the dictionary that zlib knows by its checksum', () => {
    let a = 1;
    let b = 0;
    for (const byte of spdyDictionary) {
      a = (a + byte) % 65521;
      b = (b + a) % 65521;
    }
    expect(((b << 16) | a) >>> 0).toBe(0xe3c6a7c2);
    expect(spdyDictionary).toHaveLength(1423);
  });

  it('reads one block after the other, folded with the dictionary or stored', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyHeaders, { maxLength: 5 }), fc.boolean(), async (blocks, isStored) => {
        const fold = folder();
        const stored = new HeaderDeflater();
        const inflater = new HeaderInflater();
        for (const headers of blocks) {
          const block = isStored ? stored.write(headers) : await fold(formatHeaders(headers));
          expect(await inflater.read(block)).toEqual(headers);
        }
        inflater.close();
      }),
      { numRuns: 50 },
    );
  });

  it('unfolds no bomb', async () => {
    const fold = folder();
    const bomb = await fold(Buffer.alloc(8 << 20));
    expect(bomb.length).toBeLessThan(largestHeaderBlock);
    const inflater = new HeaderInflater();
    await expect(inflater.read(bomb)).rejects.toThrow(SpdyError);
    await expect(inflater.read(bomb)).rejects.toThrow('after the end');
  });

  it('reads a block as large as is allowed', async () => {
    const headers = new Map([['x', 'y'.repeat(largestHeaderBlock - 13)]]);
    const inflater = new HeaderInflater();
    expect(await inflater.read(await folder()(formatHeaders(headers)))).toEqual(headers);
    inflater.close();
  });

  it('meets any bytes with a SpdyError', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (bytes) => {
        const inflater = new HeaderInflater();
        await inflater.read(Buffer.from(bytes)).catch((error: unknown) => expect(error).toBeInstanceOf(SpdyError));
        inflater.close();
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        try {
          parseHeaders(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(SpdyError);
        }
      }),
    );
  });

  it.each([
    ['a name twice', '00000002' + '00000001' + '61' + '00000000' + '00000001' + '41' + '00000000', 'twice'],
    ['no name', '00000001' + '00000000' + '00000000', 'without a name'],
    ['a count without pairs', 'ffffffff', 'cut short'],
    ['a length beyond its end', '00000001' + 'ffffffff' + '61', 'cut short'],
    ['bytes behind its end', '0000000000', 'after the headers'],
  ])('refuses %s', (_, hex, why) => {
    expect(() => parseHeaders(Buffer.from(hex, 'hex'))).toThrow(why);
  });
});
