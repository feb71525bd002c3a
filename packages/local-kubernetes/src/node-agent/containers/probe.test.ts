// Probes of real pods, each against the pod's own address: two pods may well listen on one port.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AgentCluster, canRunPods } from '../agent-process.fixture.ts';

const timeout = 30_000;
const often = { periodSeconds: 1, failureThreshold: 1, timeoutSeconds: 5 };
const web = (host: string) => `exec node -e 'require("http").createServer((q, s) => s.end()).listen(8080, "${host}")'`;
const grpc = (status: number) => `exec node -e '
  const { createServer } = require("http2");
  createServer().on("stream", (stream, headers) => {
    const asked = [];
    stream.on("data", (chunk) => asked.push(chunk));
    stream.on("end", () => {
      const known = Buffer.concat(asked).toString().endsWith("main");
      stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": known ? "0" : "5" }));
      stream.end(Buffer.from([0, 0, 0, 0, 2, 8, ${status}]));
    });
  }).listen(8080);'`;

describe.skipIf(!canRunPods)('probes', () => {
  let cluster: AgentCluster;
  beforeAll(async () => {
    cluster = await AgentCluster.start();
  });
  afterAll(() => cluster?.stop());

  const isReady = async (name: string) => {
    const status = (await cluster.pod(name))?.status;
    return status?.phase === 'Running' ? status.containerStatuses?.[0]?.ready : undefined;
  };
  const create = (name: string, script: string, probe: object) =>
    cluster.createPod(name, script, { container: { readinessProbe: { ...often, ...probe } } });
  const unhealthy = async (name: string) => {
    const { body } = await cluster.peer.json('GET', '/api/v1/namespaces/default/events');
    return (body['items'] as { involvedObject: { name: string }; reason: string; message: string }[])
      .filter(({ involvedObject, reason }) => involvedObject.name === name && reason === 'Unhealthy')
      .map(({ message }) => message)
      .join('\n');
  };

  it('of every kind find what is well, in the network of the pod', async () => {
    const port = 8080;
    await Promise.all([
      create('http', web('0.0.0.0'), { httpGet: { path: '/', port } }),
      create('tcp', web('0.0.0.0'), { tcpSocket: { port } }),
      create('exec', 'touch /tmp/well; exec sleep 1000', { exec: { command: ['cat', '/tmp/well'] } }),
      create('grpc', grpc(1), { grpc: { port, service: 'main' } }),
    ]);
    for (const name of ['http', 'tcp', 'exec', 'grpc']) await expect.poll(() => isReady(name), { timeout }).toBe(true);
  });

  it('of every kind find what is not, and say it', async () => {
    const port = 8080;
    await Promise.all([
      // It listens in the pod, but not on the pod's address.
      create('no-http', web('127.0.0.1'), { httpGet: { path: '/', port } }),
      create('no-tcp', 'exec sleep 1000', { tcpSocket: { port } }),
      create('no-exec', 'exec sleep 1000', { exec: { command: ['cat', '/tmp/well'] } }),
      create('no-grpc', grpc(2), { grpc: { port, service: 'main' } }),
      create('no-service', grpc(1), { grpc: { port, service: 'other' } }),
    ]);
    await expect.poll(() => unhealthy('no-http'), { timeout }).toMatch(/Readiness probe failed: Get "http:.*refused/);
    await expect.poll(() => unhealthy('no-tcp'), { timeout }).toMatch(/dial tcp .*:8080: connect: connection refused/);
    await expect.poll(() => unhealthy('no-exec'), { timeout }).toContain('No such file');
    await expect.poll(() => unhealthy('no-grpc'), { timeout }).toContain('service unhealthy');
    await expect.poll(() => unhealthy('no-service'), { timeout }).toContain('status code 5');
    for (const name of ['no-http', 'no-tcp', 'no-exec', 'no-grpc', 'no-service'])
      expect(await isReady(name)).toBe(false);
  });

  it('that find a container dead start it again', async () => {
    const container = { livenessProbe: { ...often, exec: { command: ['test', '!', '-e', '/tmp/ill'] } } };
    await cluster.createPod('ill', 'touch /tmp/ill; exec sleep 1000', { pod: { restartPolicy: 'Always' }, container });
    const restarts = async () => (await cluster.pod('ill'))?.status?.containerStatuses?.[0]?.restartCount;
    await expect.poll(restarts, { timeout }).toBeGreaterThan(0);
    const status = (await cluster.pod('ill'))!.status!.containerStatuses![0]!;
    expect(status.lastState.terminated).toMatchObject({ exitCode: 137, reason: 'Error' });
  });
});
