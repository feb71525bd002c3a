// Brokers as real processes over ZeroMQ with CURVE: what `flux broker` and `flux start` do from the command line to the
// exit status, and what the others see of it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BrokerProcesses } from './broker-processes.fixture.ts';

const size = 4;
let brokers: BrokerProcesses;

beforeAll(async () => {
  brokers = await BrokerProcesses.build('processes-test');
});
afterAll(() => brokers.remove());
beforeEach(() => brokers.begin());
afterEach(() => brokers.end());

describe('brokers as processes', () => {
  it('boot, lose a killed rank at once, take it back, and see one leave in order', async () => {
    for (let rank = 0; rank < size; rank++) brokers.start(rank);
    await brokers.untilUp('0-3');
    brokers.running.get(3)!.process.kill('SIGKILL');
    await brokers.untilUp('0-2');
    brokers.start(3);
    await brokers.untilUp('0-3');
    brokers.running.get(2)!.process.kill('SIGTERM');
    expect(await brokers.running.get(2)!.exit).toBe(0);
    await brokers.untilUp('0-1,3');
    const flux = await brokers.reach(0);
    const health = await flux.rpc<{ children: { rank: number; status: string }[] }>('overlay.health');
    expect(health.children.map(({ status }) => status)).toEqual(['full', 'offline', 'full']);
    await flux.close();
    brokers.running.get(0)!.process.kill('SIGTERM');
    const codes = await Promise.all([0, 1, 3].map((rank) => brokers.running.get(rank)!.exit));
    expect(codes).toEqual([0, 0, 0]);
    expect(existsSync(join(brokers.folder, '0', 'local'))).toBe(false);
  });

  it('waits for a parent that comes late, and ends when it was replaced', async () => {
    const follower = brokers.start(1);
    await new Promise((done) => setTimeout(done, 300));
    brokers.start(0);
    await brokers.untilUp('0-1');
    brokers.running.get(0)!.process.kill('SIGKILL');
    await brokers.running.get(0)!.exit;
    brokers.start(0);
    expect(await follower.exit).toBe(1);
    expect(follower.errors.join('')).toContain('sent disconnect control message');
    brokers.start(1);
    await brokers.untilUp('0-1');
  });

  it('refuses a broker that has another tree in mind', async () => {
    brokers.start(0, '-Stbon.topo=kary:1');
    await brokers.untilUp('0');
    const other = brokers.start(2);
    expect(await other.exit).toBe(1);
    expect(other.errors.join('')).toContain('overlay.hello: rank 2 is not a child of rank 0: mismatched config?');
    expect(brokers.running.get(0)!.errors.join('')).toContain(
      'rejecting connection from node2 (rank 2): rank 2 is not a child',
    );
  });

  it('lives through a child that sends garbage with the right key', async () => {
    brokers.start(0);
    await brokers.untilUp('0');
    const { Dealer } = await import('zeromq');
    const hostile = new Dealer({
      routingId: 'hostile',
      linger: 0,
      zapDomain: 'flux',
      curveServerKey: brokers.certificate.publicKey,
      curvePublicKey: brokers.certificate.publicKey,
      curveSecretKey: brokers.certificate.secretKey,
    });
    hostile.connect(`tcp://127.0.0.1:${brokers.basePort}`);
    for (let round = 0; round < 200; round++) {
      await hostile.send([Buffer.alloc(round % 40, round), Buffer.alloc((round * 7) % 300, 0x8e)]);
    }
    brokers.start(1);
    await brokers.untilUp('0-1');
    hostile.close();
    expect(brokers.running.get(0)!.errors.join('')).toContain('DROP downstream message from hostile');
  });

  it.each([
    ['-Snosuch=1', 'nosuch: unknown attribute'],
    ['-Srank=1', 'rank: attribute may not be set on the command line'],
    ['-Stest-ro.x=1', 'test-ro.x: attribute may not be set on the command line'],
    ['--config-path=/nonexistent', 'Config file error: stat: /nonexistent: No such file or directory'],
    ['-Slocal-uri=nonsense', 'local-uri is malformed'],
  ])('refuses %s by name', async (option, text) => {
    const broker = brokers.run(['broker', option, 'true']);
    expect(await broker.exit).toBe(1);
    expect(broker.errors.join('')).toContain(text);
  });

  it.each([
    [['start', 'true'], 0],
    [['start', 'sh', '-c', 'exit 3'], 3],
    [['start', '-s', '3', 'sh -c "exit 4"'], 4],
    [['start', '/no/such/program', 'x'], 127],
    [['broker', 'sh', '-c', 'kill -TERM $$'], 143],
  ])('%j ends as its program does', async (args, code) => {
    expect(await brokers.run(args).exit).toBe(code);
  });
});
