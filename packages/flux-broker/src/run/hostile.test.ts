// Tens of thousands of mutated messages at each way into a broker that runs as a process of its own: it lives, answers,
// and neither its memory nor its open files grow with what it was sent. EBB_HOSTILE_SEED repeats a run.
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { PassThrough } from 'node:stream';
import { decodeFrames, encodeFrames, Flag, frameMessage, type Message, Role, serveRelay } from '@ebb/flux-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { versionNumber } from '../overlay/hello.ts';
import { helloRequest } from '../overlay/overlay-messages.ts';
import { BrokerProcesses } from './broker-processes.fixture.ts';

const seed = Number(process.env['EBB_HOSTILE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const rounds = 20;
const connectionsOfRound = 20;
const messagesOfConnection = 50;

/** No other message has it. */
const lastMatchtag = 2 ** 32 - 1;
/** What the collector may not have come to yet. */
const toleratedBytes = 48 * 2 ** 20;

let state = seed >>> 0;
/** Mulberry32: small, and the same everywhere. */
function random(): number {
  state = (state + 0x6d2b79f5) >>> 0;
  let value = Math.imul(state ^ (state >>> 15), state | 1);
  value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
  return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
}
const below = (limit: number): number => Math.floor(random() * limit);

const requests: readonly [topic: string, payload: object, isStreaming: boolean][] = [
  ['attr.get', { name: 'size' }, false],
  ['kvs.lookup', { key: 'resource.R', namespace: 'primary', flags: 0 }, false],
  ['kvs-watch.lookup', { key: 'a.b', namespace: 'primary', flags: 4 }, true],
  ['kvs.getroot', { namespace: 'primary', flags: 0 }, false],
  ['job-manager.events-journal', { full: false }, true],
  ['groups.get', { name: 'broker.online' }, true],
  ['job-list.list', { max_entries: 5, attrs: ['state'], constraint: { states: [32] } }, false],
  ['job-info.eventlog-watch', { id: 1234, path: 'eventlog', flags: 0 }, true],
  ['job-ingest.submit', { J: 'a.b.c', urgency: 16, flags: 0 }, false],
  ['event.subscribe', { topic: 'job' }, false],
  ['service.add', { service: 'hostile' }, false],
  ['resource.status', {}, false],
  ['overlay.health', {}, true],
  ['nosuch.method', { a: [1, 2.5, null] }, false],
];

function message(): Message {
  const [topic, payload, isStreaming] = requests[below(requests.length)]!;
  const kind = below(10);
  const type = kind === 0 ? 'event' : kind === 1 ? 'response' : 'request';
  return {
    type,
    flags: Flag.Topic | Flag.Payload | Flag.Route | (isStreaming ? Flag.Streaming : 0),
    userid: 0xffffffff,
    rolemask: Role.None,
    aux1: type === 'request' ? 0xffffffff : below(200),
    aux2: below(2 ** 32),
    topic,
    payload: Buffer.from(`${JSON.stringify(payload)}\0`),
    routes: below(4) === 0 ? [randomUUID(), 'x'] : [],
  };
}

function mutated(bytes: Uint8Array, from = 0): Buffer {
  const copy = Buffer.from(bytes);
  for (let count = below(6); count > 0 && copy.length > from; count--) {
    copy[from + below(copy.length - from)] = below(3) === 0 ? below(256) : copy[from + below(copy.length - from)]!;
  }
  return copy;
}

/** A good message around a payload that is not: it gets as far as it can. */
function withPayload(): Message {
  const good = message();
  return { ...good, payload: mutated(good.payload!) };
}

/** Half of the connections are cut off at the first message whose frame is broken, half come through. */
function stream(): Buffer {
  const isSound = below(2) === 0;
  const parts = Array.from({ length: messagesOfConnection }, () =>
    isSound ? Buffer.from(frameMessage(withPayload())) : mutated(frameMessage(message()), 8),
  );
  if (below(2) === 0) parts.push(mutated(frameMessage(message())), Buffer.alloc(below(300), below(256)));
  return Buffer.concat(parts);
}

let brokers: BrokerProcesses;
let pid: number;

beforeAll(async () => {
  brokers = await BrokerProcesses.build('hostile-test');
  brokers.begin();
  const broker = brokers.start(0, '-Slog-stderr-level=0', '-Sstatedir-cleanup=1');
  await brokers.untilUp('0');
  pid = broker.process.pid!;
}, 60_000);

afterAll(async () => {
  await brokers.end();
  brokers.remove();
});

describe.runIf(process.platform === 'linux')(`hostile bytes (EBB_HOSTILE_SEED=${seed})`, () => {
  it.each([
    ['the local socket', throughSocket],
    ['flux relay', throughRelay],
    ['the overlay', throughOverlay],
  ])(
    'at %s leave nothing behind',
    async (_, attack) => {
      for (let round = 0; round < rounds / 2; round++) await attack();
      await settled();
      const before = { bytes: residentBytes(), files: openFiles() };
      for (let round = 0; round < rounds; round++) await attack();
      await settled();
      expect(openFiles()).toBeLessThanOrEqual(before.files + 2);
      expect(residentBytes() - before.bytes).toBeLessThan(toleratedBytes);
      expect(brokers.running.get(0)!.process.exitCode).toBeNull();
    },
    120_000,
  );
});

async function throughSocket(): Promise<void> {
  await Promise.all(
    Array.from({ length: connectionsOfRound }, async () => {
      const socket = createConnection(brokers.uri(0).slice('local://'.length));
      socket.on('error', () => {});
      socket.resume();
      socket.end(stream());
      await new Promise((resolve) => socket.once('close', resolve));
    }),
  );
}

async function throughRelay(): Promise<void> {
  await Promise.all(
    Array.from({ length: connectionsOfRound }, async () => {
      const input = new PassThrough();
      const output = new PassThrough();
      output.resume();
      input.end(stream());
      // The broker may cut it off before all is written.
      await serveRelay(brokers.uri(0).slice('local://'.length), input, output).catch(() => {});
    }),
  );
}

/** A child that has the right key and sends what it likes. */
async function throughOverlay(): Promise<void> {
  const { Dealer } = await import('zeromq');
  const { publicKey, secretKey } = brokers.certificate;
  for (const isChild of [true, false]) {
    const uuid = randomUUID();
    const socket = new Dealer({
      routingId: uuid,
      linger: 1_000,
      zapDomain: 'flux',
      curveServerKey: publicKey,
      curvePublicKey: publicKey,
      curveSecretKey: secretKey,
    });
    socket.connect(`tcp://127.0.0.1:${brokers.basePort}`);
    const hello = { rank: 1, version: versionNumber('0.88.0'), uuid, status: 1, hostname: 'node1' };
    if (isChild) await socket.send(encodeFrames(helloRequest(hello)));
    for (let count = 0; count < (connectionsOfRound * messagesOfConnection) / 2; count++) {
      await socket.send(isChild && below(2) === 0 ? encodeFrames(withPayload()) : overlayFrames());
    }
    // Whatever it is, it is answered: then all before it was seen.
    await socket.send(encodeFrames({ ...helloRequest({ ...hello, hostname: 'nobody' }), aux2: lastMatchtag }));
    for await (const frames of socket) if (isLastAnswer(frames)) break;
    socket.close();
  }
}

function isLastAnswer(frames: Buffer[]): boolean {
  try {
    const answer = decodeFrames(frames);
    return answer.type === 'response' && answer.topic === 'overlay.hello' && answer.aux2 === lastMatchtag;
  } catch {
    return false;
  }
}

function overlayFrames(): Buffer[] {
  const hello: Message = {
    ...message(),
    type: 'request',
    topic: 'overlay.hello',
    payload: Buffer.from(
      `${JSON.stringify({ rank: below(5), version: 0x5800, uuid: randomUUID(), status: 1, hostname: 'node1' })}\0`,
    ),
  };
  const frames = encodeFrames(below(8) === 0 ? hello : message()).map((frame) => mutated(frame));
  if (below(10) === 0) frames.splice(below(frames.length), 1);
  if (below(10) === 0) frames.push(Buffer.alloc(below(100), below(256)));
  return frames.length > 0 ? frames : [Buffer.alloc(1)];
}

/** The broker answers, has no client but this, and its collector had time. */
async function settled(): Promise<void> {
  const flux = await brokers.reach(0);
  await expect.poll(() => openFiles(), { timeout: 20_000, interval: 100 }).toBeLessThan(60);
  for (let count = 0; count < 5; count++) {
    await flux.rpc('broker.ping', { pad: 'x'.repeat(2 ** 20) });
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await flux.close();
}

function residentBytes(): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 2 ** 10;
}

function openFiles(): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}
