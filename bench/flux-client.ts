/**
 * The message codec, and round trips over a real Unix socket in this process; with FLUX_URI set, round trips to that
 * broker too. Run: `npx tsx bench/flux-client.ts`, or `flux start npx tsx bench/flux-client.ts`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  connect,
  Flux,
  frameMessage,
  jsonPayload,
  type Message,
  MessageFramer,
  Role,
  serveSocket,
} from '@ebb/flux-client';

const request: Message = {
  type: 'request',
  flags: 0,
  userid: 1000,
  rolemask: Role.Owner,
  aux1: 0xffff_ffff,
  aux2: 7,
  topic: 'job-manager.submit',
  payload: jsonPayload({ id: 26_924_764_367_270_072n, userid: 1000, urgency: 16, flags: 0, queue: 'batch' }),
  routes: ['3f2f7b34-7b41-4b9e-9f0e-0f6d5f2a9c11', 'c0a1f0d2-6a8d-4d3f-8f0e-2f1f5b3c7d22'],
};

function report(name: string, count: number, milliseconds: number): void {
  const each = (milliseconds * 1000) / count;
  console.log(
    `${name.padEnd(44)} ${Math.round((count / milliseconds) * 1000)
      .toLocaleString('en')
      .padStart(10)}/s ${each.toFixed(2).padStart(8)} us`,
  );
}

function repeat(name: string, count: number, work: () => void): void {
  for (let i = 0; i < count / 10; i++) work();
  const start = performance.now();
  for (let i = 0; i < count; i++) work();
  report(name, count, performance.now() - start);
}

async function roundTrips(name: string, flux: Flux, topic: string, payload: unknown): Promise<void> {
  const serial = 3000;
  for (let i = 0; i < serial / 10; i++) await flux.rpc(topic, payload);
  let start = performance.now();
  for (let i = 0; i < serial; i++) await flux.rpc(topic, payload);
  report(`${name}: one after the other`, serial, performance.now() - start);
  const rounds = 20;
  const width = 1000;
  start = performance.now();
  for (let i = 0; i < rounds; i++) await Promise.all(Array.from({ length: width }, () => flux.rpc(topic, payload)));
  report(`${name}: ${width} at once`, rounds * width, performance.now() - start);
}

const bytes = frameMessage(request);
console.log(`a request of ${bytes.length} bytes`);
repeat('encode', 300_000, () => frameMessage(request));
const framer = new MessageFramer();
repeat('decode', 300_000, () => framer.push(bytes));
const chunk = Buffer.concat(Array.from({ length: 100 }, () => bytes));
repeat('decode chunks of 100 messages (per chunk)', 3000, () => framer.push(chunk));

const folder = mkdtempSync(join(tmpdir(), 'ebb-bench-'));
const server = await serveSocket(join(folder, 'local'), (client) => {
  // As a broker does: the sender's role is known before a service sees the request.
  const service = new Flux({
    send: (message) => client.send(message),
    onMessage: (handler) => client.onMessage((message) => handler({ ...message, rolemask: Role.Owner })),
    onClose: (handler) => client.onClose(handler),
    close: () => client.close(),
  });
  service.handle('echo.get', (each) => each.respond(each.json()));
});
const flux = await connect(`local://${server.path}`);
await roundTrips('echo, both ends in this process', flux, 'echo.get', { id: 5, name: 'x' });
await flux.close();
await server.close();
rmSync(folder, { recursive: true });

if (process.env['FLUX_URI']) {
  const broker = await connect();
  await roundTrips(`attr.get at ${await broker.attr('version')}`, broker, 'attr.get', { name: 'rank' });
  await broker.close();
}
