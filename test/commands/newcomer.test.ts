/** What somebody without root sees of `ebb`: the same MiniCluster, with what is lost said once. */
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { processesOf } from '../soak/processes.ts';
import { Newcomer } from './newcomer.ts';

const newcomer = new Newcomer();
afterAll(() => newcomer.remove());

const doctor = await newcomer.type('doctor', '-o', 'json');
const findings = JSON.parse(doctor.stdout) as { subject: string; state: string; found: string }[];
const pods = findings.find(({ subject }) => subject === 'Pods');

test('ebb doctor says what is lost without root', () => {
  expect(pods?.state).toMatch(/^(limited|missing)$/);
  expect(doctor.code).toBe(findings.some(({ state }) => state === 'missing') ? 1 : 0);
});

describe.runIf(pods?.state === 'limited')('a MiniCluster of a newcomer', () => {
  let up: ChildProcess;
  let said = '';
  const start = async () => {
    up = newcomer.start(['up']);
    said = '';
    for (const output of [up.stdout!, up.stderr!]) {
      output.on('data', (chunk: Buffer) => {
        said += chunk;
      });
    }
    const heard = () => (up.exitCode === null && up.signalCode === null ? said : `${said}\n(ended)`);
    await expect.poll(heard, { timeout: 120_000 }).toMatch(/Ctrl-C stops everything|\(ended\)/);
    expect(said).toContain('4 brokers up');
  };
  const end = async (signal: NodeJS.Signals) => {
    if (up.exitCode !== null || up.signalCode !== null) return;
    const ended = new Promise((resolve) => up.once('exit', resolve));
    up.kill(signal);
    await ended;
  };
  const lead = async () => {
    const words = ['kubectl', 'get', 'pods', '-n', 'flux-operator', '-o', 'name', '-l', 'job-index=0'];
    return (await newcomer.type(...words)).stdout.trim();
  };
  const inLead = async (script: string) =>
    newcomer.type('kubectl', 'exec', '-n', 'flux-operator', await lead(), '--', 'sh', '-c', script);
  afterAll(() => end('SIGKILL'));

  test('comes up, and what is lost is told once', async () => {
    await start();
    expect(said.split('! not as root').length).toBe(2);
    expect(said).toContain('ebb doctor tells how to have what is lost');
  });

  test('has pods with an address, a name and volumes of their own, in the network of the others', async () => {
    const { stdout } = await inLead('hostname; ls /sys/class/net; cat /mnt/flux/config/etc/curve/curve.cert | head -1');
    expect(stdout).toMatch(/^flux-sample-0\neth0\nlo\n/);
    const status = await newcomer.type(
      'kubectl',
      'get',
      'pods',
      '-n',
      'flux-operator',
      '-o',
      'jsonpath={.items[*].status.podIP}',
    );
    expect(new Set(status.stdout.split(' ')).size).toBe(4);
  });

  test('lets a program be another user, and write where containers write', async () => {
    const { stdout, stderr } = await inLead(
      'echo x > /tmp/x; echo x > /root/x; echo x > /new; cat /tmp/x /root/x /new; id -u',
    );
    expect(stdout, stderr).toBe('x\nx\nx\n0\n');
    const overrides = JSON.stringify({ spec: { securityContext: { runAsUser: 1234, runAsGroup: 77, fsGroup: 99 } } });
    const run = ['kubectl', 'run', 'other', '--image=host', '--restart=Never', `--overrides=${overrides}`, '--command'];
    expect((await newcomer.type(...run, '--', 'sh', '-c', 'id -u; id -g')).code).toBe(0);
    const log = async () => (await newcomer.type('kubectl', 'logs', 'other')).stdout;
    await expect.poll(log, { timeout: 60_000 }).toBe('1234\n77\n');
  });

  test('tells the whole story of the walkthrough', async () => {
    const { code, stdout } = await newcomer.type('demo', 'basic');
    expect(code, stdout).toBe(0);
  });

  test('killed, leaves nothing; the next start goes on', async () => {
    await end('SIGKILL');
    await expect.poll(() => processesOf(newcomer.home), { timeout: 60_000 }).toEqual([]);
    await start();
  });

  test('ends in order, with nothing left', async () => {
    expect((await newcomer.type('down', '--delete')).code).toBe(0);
    await expect.poll(() => up.exitCode).toBe(0);
    expect(processesOf(newcomer.home)).toEqual([]);
    expect(readFileSync('/proc/mounts', 'utf8')).not.toContain(join(newcomer.home, '.local'));
  });
});

describe.runIf(pods?.state === 'missing')('a newcomer whose machine gives no namespaces', () => {
  test('is told that no MiniCluster can run, and by whom to ask', async () => {
    const { code, stderr } = await newcomer.type('up');
    expect(code).toBe(1);
    expect(stderr).toContain('its brokers need namespaces; ebb doctor tells how to have them');
  });
});
