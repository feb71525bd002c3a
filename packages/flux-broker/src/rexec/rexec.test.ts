import { execAndCollect, execRemote } from '@ebb/flux-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
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
    await expect(running).rejects.toMatchObject({
      code: 'ENOENT',
      message: 'error launching process: No such file or directory',
    });
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

  it('lets a program run in the background, and tells who waits for it how it ended and what it said', async () => {
    const flux = instance.flux(0);
    const cmd = { cmdline: ['sh', '-c', 'echo done; exit 4'], env: environment, label: 'bg' };
    const started = await flux.rpc<{ type: string; pid: number }>('rexec.exec', { cmd, flags: 16 }, { nodeid: 1 });
    expect(started).toEqual({ type: 'started', pid: expect.any(Number) });
    const waiting = flux.rpc('rexec.wait', { pid: -1, label: 'bg' }, { nodeid: 1 });
    const io = { stream: 'stdout', rank: '1', data: 'done\n' };
    expect(await waiting).toEqual({ status: 4 << 8, output: [io] });
    const again = flux.rpc('rexec.wait', { pid: started.pid }, { nodeid: 1 });
    await expect(again).rejects.toThrow(`pid ${started.pid} does not belong to any subprocess`);
  });

  it('lets a client attach to a program in the background, also to one that has ended', async () => {
    const flux = instance.flux(0);
    const start = async (script: string) => {
      const cmd = { cmdline: ['sh', '-c', script], env: environment };
      return (await flux.rpc<{ pid: number }>('rexec.exec', { cmd, flags: 16 }, { nodeid: 2 })).pid;
    };
    const attach = async (pid: number) => {
      const types: string[] = [];
      for await (const { type } of flux.stream<{ type: string }>('rexec.attach', { pid, flags: 3 }, { nodeid: 2 })) {
        types.push(type);
        if (type === 'attached') await flux.rpc('rexec.kill', { pid, signum: 15 }, { nodeid: 2 }).catch(() => {});
      }
      return types.filter((type) => type !== 'output');
    };
    expect(await attach(await start('exec sleep 60'))).toEqual(['attached', 'finished']);
    const ended = await start('true');
    await vi.waitFor(async () => {
      const { procs } = await flux.rpc<{ procs: unknown[] }>('rexec.list', {}, { nodeid: 2 });
      expect(procs).toContainEqual({ pid: ended, cmd: 'sh', label: '', state: 'Z' });
    });
    expect(await attach(ended)).toEqual(['attached', 'finished']);
    await expect(attach(ended)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('has further streams where a command asks for them', async () => {
    const flux = instance.flux(0);
    const script = 'read line <&$TALK; echo "heard $line" >&$TALK';
    const cmd = { cmdline: ['bash', '-c', script], env: environment, channels: ['TALK'] };
    const { stream, matchtag } = flux.openStream<{ type: string; io?: { data?: string } }>(
      'rexec.exec',
      { cmd, flags: 4 },
      { nodeid: 1 },
    );
    let heard = '';
    for await (const { type, io } of stream) {
      const hello = { stream: 'TALK', rank: '1', data: 'hello\n' };
      if (type === 'started') flux.send('rexec.write', { matchtag, io: hello }, { nodeid: 1 });
      heard += io?.data ?? '';
    }
    expect(heard).toBe('heard hello\n');
  });
});
