import { execAndCollect, execRemote } from '@ebb/flux-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Instance, startInstance } from '../instance/instance.ts';

let instance: Instance;

beforeEach(async () => {
  instance = startInstance({ size: 3, modules: [{ name: 'rexec', ranks: 'all', load: () => import('./module.ts') }] });
  await instance.ready();
});

afterEach(() => instance.stop());

const environment = { PATH: process.env['PATH']! };

describe('rexec', () => {
  it('runs a program on another rank with input, output and status', async () => {
    const words = ['sh', '-c', 'cat; echo $MARK >&2; exit 3'];
    const command = { rank: 2, words, environment: { ...environment, MARK: 'two' } };
    const done = await execAndCollect(instance.flux(0), command, { input: Buffer.from('hello') });
    expect({ ...done, stdout: `${done.stdout}`, stderr: `${done.stderr}` }).toEqual({
      status: 3 << 8,
      stdout: 'hello',
      stderr: 'two\n',
    });
  });

  it('answers the errno of a program that is not there', async () => {
    const running = execAndCollect(instance.flux(0), { rank: 1, words: ['/no/such/program'], environment });
    await expect(running).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('signals the process group, and lists what runs', async () => {
    const program = execRemote(instance.flux(0), { rank: 1, words: ['sh', '-c', 'sleep 60; true'], environment });
    for await (const event of program) {
      if (event.type === 'started') {
        const { procs } = await instance.flux(0).rpc<{ procs: unknown[] }>('rexec.list', {}, { nodeid: 1 });
        expect(procs).toMatchObject([{ pid: event.pid, cmd: 'sh' }]);
        await program.kill(15);
      } else if (event.type === 'finished') expect(event.status).toBe(15);
    }
    expect(await instance.flux(0).rpc('rexec.list', {}, { nodeid: 1 })).toMatchObject({ procs: [] });
  });

  it('kills the programs of a client that has gone', async () => {
    const client = instance.flux(0);
    const program = execRemote(client, { rank: 0, words: ['sleep', '60'], environment });
    let status: number | undefined;
    for await (const event of program) {
      if (event.type === 'started') client.send('rexec.disconnect', {}, { nodeid: 0 });
      if (event.type === 'finished') status = event.status;
    }
    expect(status).toBe(9);
  });
});
