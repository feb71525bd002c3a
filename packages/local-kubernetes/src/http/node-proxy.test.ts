// Logs and upgraded connections through the API server to an agent of a node: a TLS server of the cluster's authority.

import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createServer, request, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ControlPlane, startControlPlane } from '../facade/control-plane.ts';

let folder: string;
let plane: ControlPlane;
let agent: Server;
const asked: string[] = [];
const pods = { apiVersion: 'v1', plural: 'pods', namespace: 'default' };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'proxy-'));
  plane = await startControlPlane({ stateFolder: folder, port: 0, isInMemory: true, log: () => {} });
  const { authority } = plane.credentials;
  const { certificate, key } = await authority.issueServing({ commonName: 'node', hosts: ['127.0.0.1'] });
  const tls = { cert: certificate, key, ca: authority.pem.certificate, requestCert: true, rejectUnauthorized: true };
  agent = createServer(tls, (incoming, answer) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    if (incoming.url?.includes('previous=true')) {
      answer.writeHead(400).end('previous terminated container "c" in pod "p" not found');
    } else {
      answer.end('one line\n');
    }
  });
  agent.on('upgrade', (incoming: IncomingMessage, socket: Duplex) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: echo\r\n\r\n');
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => agent.listen(0, '127.0.0.1', resolve));
  const { port } = agent.address() as AddressInfo;
  await plane.client.create({ apiVersion: 'v1', plural: 'nodes' }, { metadata: { name: 'n' } });
  const status = {
    addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
    daemonEndpoints: { kubeletEndpoint: { Port: port } },
  };
  await plane.client.patch(
    { apiVersion: 'v1', plural: 'nodes', name: 'n', subresource: 'status' },
    { status },
    'merge',
  );
  await plane.client.create(pods, {
    metadata: { name: 'p' },
    spec: { nodeName: 'n', containers: [{ name: 'c', image: 'i' }] },
  });
});

afterAll(async () => {
  agent.closeAllConnections();
  agent.close();
  await plane.stop();
  rmSync(folder, { recursive: true, force: true });
});

function options(path: string) {
  const { admin, authority } = plane.credentials;
  const tls = { cert: admin.certificate, key: admin.key, ca: authority.pem.certificate };
  return { host: '127.0.0.1', port: plane.port, path: `/api/v1/namespaces/default/pods/${path}`, ...tls };
}

async function get(path: string): Promise<{ code: number | undefined; text: string }> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) =>
    request(options(path), resolve).on('error', reject).end(),
  );
  let text = '';
  for await (const chunk of answer) text += String(chunk);
  return { code: answer.statusCode, text };
}

describe('NodeProxy', () => {
  it('streams logs, and makes a Status of what the agent refuses', async () => {
    expect(await get('p/log?tailLines=1')).toEqual({ code: 200, text: 'one line\n' });
    expect(asked.at(-1)).toBe('GET /containerLogs/default/p/c?tailLines=1');
    const refused = await get('p/log?previous=true');
    expect(JSON.parse(refused.text)).toMatchObject({
      kind: 'Status',
      code: 400,
      message: expect.stringContaining('not found'),
    });
    expect((await get('p/log?container=x')).text).toContain('container x is not valid for pod p');
  });

  it('hands an upgrade on byte for byte', async () => {
    const headers = { connection: 'Upgrade', upgrade: 'echo' };
    const path = 'p/exec?command=ls&command=-l&stdout=true&stdin=true';
    const socket = await new Promise<Duplex>((resolve, reject) => {
      const sent = request({ ...options(path), headers });
      sent
        .on('upgrade', (_answer, upgraded) => resolve(upgraded))
        .on('error', reject)
        .end();
    });
    expect(asked.at(-1)).toBe('GET /exec/default/p/c?input=1&output=1&command=ls&command=-l');
    const sentBytes = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index & 0xff));
    const received: Buffer[] = [];
    const done = new Promise<void>((resolve) => {
      let size = 0;
      socket.on('data', (chunk: Buffer) => {
        received.push(chunk);
        if ((size += chunk.length) === sentBytes.length) resolve();
      });
    });
    socket.write(sentBytes);
    await done;
    expect(Buffer.concat(received).equals(sentBytes)).toBe(true);
    socket.destroy();
  });

  it('answers an upgrade that cannot be with a Status', async () => {
    const headers = { connection: 'Upgrade', upgrade: 'echo' };
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      request({ ...options('nothing/exec?command=ls&stdout=true'), headers }, resolve)
        .on('error', reject)
        .end();
    });
    let text = '';
    for await (const chunk of answer) text += String(chunk);
    expect(JSON.parse(text)).toMatchObject({ kind: 'Status', code: 404, message: 'pods "nothing" not found' });
  });
});
