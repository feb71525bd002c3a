import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { mostStreams, SpdyConnection } from './connection.ts';
import {
  type ControlFrame,
  controlFrame,
  type DataFrame,
  dataFrame,
  FrameReader,
  frameTypes,
  initialWindow,
  resetReasons,
  words,
} from './frames.ts';
import { HeaderDeflater } from './header-block.ts';
import type { SpdyStream } from './stream.ts';

const open: { server: Server; socket: Socket }[] = [];
afterEach(() => {
  for (const { server, socket } of open.splice(0)) {
    socket.destroy();
    server.close();
  }
});

/** A client that writes frames as it likes, and what the server has answered. */
async function pair(onStream: (stream: SpdyStream) => void) {
  let connection: SpdyConnection | undefined;
  const server = createServer((socket) => {
    connection = new SpdyConnection(socket, Buffer.alloc(0), { onStream });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const socket = connect((server.address() as { port: number }).port, '127.0.0.1');
  open.push({ server, socket });
  socket.on('error', () => {});
  const frames: (ControlFrame | DataFrame)[] = [];
  const reader = new FrameReader();
  socket.on('data', (chunk) => frames.push(...reader.read(chunk)));
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  const deflater = new HeaderDeflater();
  return {
    socket,
    frames,
    closed,
    connection: () => connection!,
    open: (id: number, flags = 0) => {
      const head = deflater.write(new Map([['streamtype', `s${id}`]]));
      socket.write(controlFrame(frameTypes.synStream, flags, Buffer.concat([words(id, 0), Buffer.alloc(2), head])));
    },
    control: (type: number, ...values: number[]) => socket.write(controlFrame(type, 0, words(...values))),
    of: (type: number) => frames.filter((each): each is ControlFrame => each.kind === 'control' && each.type === type),
    received: () => Buffer.concat(frames.flatMap((each) => (each.kind === 'data' ? [each.data] : []))),
  };
}

describe('a SPDY connection', () => {
  it('answers streams, gives back what they carry and ends them', async () => {
    const client = await pair((stream) => stream.pipe(stream));
    client.open(1);
    client.socket.write(dataFrame(1, Buffer.from('there '), false));
    client.socket.write(dataFrame(1, Buffer.from('and back'), true));
    await expect.poll(() => client.frames.some((each) => each.kind === 'data' && each.isLast)).toBe(true);
    expect(client.received().toString()).toBe('there and back');
    expect(client.of(frameTypes.synReply)).toHaveLength(1);
    expect(client.of(frameTypes.rstStream)).toEqual([]);
  });

  it('answers a PING, and hears no answer to its own', async () => {
    const client = await pair(() => {});
    client.control(frameTypes.ping, 2);
    client.control(frameTypes.ping, 7);
    await expect.poll(() => client.of(frameTypes.ping).map(({ body }) => body.readUInt32BE(0))).toEqual([7]);
  });

  it('refuses streams beyond its limit, and takes one again when another has ended', async () => {
    const client = await pair((stream) => stream.resume().end());
    for (let n = 0; n <= mostStreams; n++) client.open(n * 2 + 1);
    const last = mostStreams * 2 + 1;
    await expect
      .poll(() => client.of(frameTypes.rstStream).map(({ body }) => [body.readUInt32BE(0), body.readUInt32BE(4)]))
      .toEqual([[last, resetReasons.refusedStream]]);
    client.socket.write(dataFrame(1, Buffer.alloc(0), true));
    client.open(last + 2);
    await expect.poll(() => client.of(frameTypes.synReply).length).toBe(mostStreams + 1);
  });

  it('keeps the windows of a peer that speaks of them: SETTINGS, of a stream, of the session', async () => {
    const total = 5 * initialWindow;
    let stream: SpdyStream | undefined;
    const client = await pair((opened) => {
      stream = opened;
    });
    // SETTINGS: one entry, SETTINGS_INITIAL_WINDOW_SIZE, 1000.
    client.control(frameTypes.settings, 1, 7, 1000);
    client.open(1);
    await expect.poll(() => stream).toBeDefined();
    stream!.end(Buffer.alloc(total, 'x'));
    await expect.poll(() => client.received().length).toBe(1000);
    client.control(frameTypes.windowUpdate, 1, 500);
    await expect.poll(() => client.received().length).toBe(1500);
    client.control(frameTypes.windowUpdate, 1, total);
    await expect.poll(() => client.received().length).toBe(initialWindow);
    // A PING comes back behind whatever was sent before: nothing more was.
    client.control(frameTypes.ping, 1);
    await expect.poll(() => client.of(frameTypes.ping).length).toBe(1);
    expect(client.received().length).toBe(initialWindow);
    client.control(frameTypes.windowUpdate, 0, total);
    await expect.poll(() => client.received().length).toBe(total);
  });

  it('tells of room as data is consumed, and not before', async () => {
    let stream: SpdyStream | undefined;
    const client = await pair((opened) => {
      stream = opened;
    });
    client.open(1);
    client.socket.write(dataFrame(1, Buffer.alloc(initialWindow - 1), false));
    client.control(frameTypes.ping, 1);
    await expect.poll(() => client.of(frameTypes.ping).length).toBe(1);
    expect(client.of(frameTypes.windowUpdate)).toEqual([]);
    stream!.resume();
    const credit = (id: number) =>
      client
        .of(frameTypes.windowUpdate)
        .filter(({ body }) => body.readUInt32BE(0) === id)
        .reduce((total, { body }) => total + body.readUInt32BE(4), 0);
    // What is left until the next word of it is less than half of a window.
    await expect.poll(() => credit(1)).toBeGreaterThanOrEqual(initialWindow / 2);
    await expect.poll(() => credit(0)).toBe(credit(1));
    expect(credit(1)).toBeLessThan(initialWindow);
  });

  it('holds a peer that heeds no windows by TCP, and sees it go while it is held', async () => {
    let stream: SpdyStream | undefined;
    const client = await pair((opened) => {
      stream = opened;
    });
    client.open(1);
    const chunk = dataFrame(1, Buffer.alloc(1 << 20), false);
    let written = 0;
    while (written < 64 && client.socket.write(chunk)) written++;
    for (; written < 64; written++) client.socket.write(chunk);
    await expect.poll(() => stream?.isFull).toBe(true);
    expect(stream!.readableLength).toBeLessThan(4 * initialWindow);
    expect(client.socket.writableLength).toBeGreaterThan(1 << 20);
    client.socket.destroy();
    await client.connection().closed;
    expect(stream!.destroyed).toBe(true);
  });

  it('holds what it writes while the peer does not read', async () => {
    let stream: SpdyStream | undefined;
    const client = await pair((opened) => {
      stream = opened;
    });
    client.open(1);
    await expect.poll(() => stream).toBeDefined();
    client.socket.pause();
    const total = 32 << 20;
    stream!.end(Buffer.alloc(total));
    await expect.poll(() => stream!.writableNeedDrain || stream!.writableLength > 0).toBe(true);
    client.socket.resume();
    await expect.poll(() => client.received().length, { timeout: 10_000 }).toBe(total);
  });

  it.each([
    ['an even stream id', () => controlFrame(1, 0, Buffer.concat([words(2, 0), Buffer.alloc(2), block()]))],
    ['a header block that is none', () => controlFrame(1, 0, Buffer.concat([words(1, 0), Buffer.alloc(2, 9)]))],
    ['a session window that overflows', () => controlFrame(9, 0, words(0, 0x7fffffff))],
    ['SETTINGS cut short', () => controlFrame(4, 0, words(9))],
    ['HTTP', () => Buffer.from('\x80GET / HTTP/1.1\r\n\r\n', 'latin1')],
  ])('leaves with GOAWAY at %s', async (_, frame) => {
    const client = await pair(() => {});
    client.socket.write(frame());
    await client.closed;
    expect(client.of(frameTypes.goAway).map(({ body }) => body.readUInt32BE(4))).toEqual([1]);
  });

  it('resets data of streams that never were, and a stream whose window overflows', async () => {
    const client = await pair(() => {});
    client.socket.write(dataFrame(9, Buffer.from('x'), false));
    client.open(11);
    client.control(frameTypes.windowUpdate, 11, 0x7fffffff);
    await expect
      .poll(() => client.of(frameTypes.rstStream).map(({ body }) => [body.readUInt32BE(0), body.readUInt32BE(4)]))
      .toEqual([
        [9, resetReasons.invalidStream],
        [11, resetReasons.flowControlError],
      ]);
  });
});

const block = (): Buffer => new HeaderDeflater().write(new Map());
