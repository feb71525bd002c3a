// A pod reaches what lies beyond this machine: here a neighbour that knows no way back to pods.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasProgram } from '../../system-program.fixture.ts';
import { AgentCluster, canRunPods, end } from '../agent-process.fixture.ts';
import { firstOutput } from '../host/first-output.ts';

const timeout = 30_000;
const ip = (...words: string[]) => {
  const { status, stderr } = spawnSync('ip', words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ip ${words.join(' ')}: ${stderr}`);
};
const link = `nb${process.pid}`;
const listen = `require('net').createServer((s) => s.end('you are ' + s.remoteAddress + '\\n')).listen(80, () => console.log('ready'))`;

describe.skipIf(!canRunPods || !hasProgram('nft', 'iptables'))('a pod', () => {
  let cluster: AgentCluster;
  let neighbour: ChildProcess;
  beforeAll(async () => {
    const words = [
      '--net',
      'sh',
      '-c',
      `ip link set lo up; echo made; read -r x; exec ${process.execPath} -e "${listen}"`,
    ];
    neighbour = spawn('unshare', words, { stdio: ['pipe', 'pipe', 'inherit'] });
    await firstOutput(neighbour);
    ip('link', 'add', link, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(neighbour.pid));
    ip('address', 'add', '198.51.100.1/24', 'dev', link);
    ip('link', 'set', link, 'up');
    for (const words of ['address add 198.51.100.2/24 dev eth0', 'link set eth0 up']) {
      spawnSync('nsenter', ['-t', String(neighbour.pid), '-n', 'ip', ...words.split(' ')]);
    }
    neighbour.stdin!.write('\n');
    await firstOutput(neighbour);
    cluster = await AgentCluster.start();
  });
  afterAll(async () => {
    await end(neighbour, 'SIGKILL');
    await cluster?.stop();
  });

  it('reaches a neighbour of its machine under the address of its machine', async () => {
    const script = `exec 3<>/dev/tcp/198.51.100.2/80; cat <&3; cat /etc/resolv.conf`;
    await cluster.createPod('goer', script);
    await expect.poll(async () => (await cluster.pod('goer'))?.status?.phase, { timeout }).toMatch(/Succeeded|Failed/);
    const lines = await cluster.log('goer');
    expect(lines[0]).toMatch(/^you are (::ffff:)?198\.51\.100\.1$/);
    expect(lines.join('\n')).toContain('nameserver');
  });

  it('still does when another agent of the machine has gone; its link forwards no longer than any needs it', async () => {
    // Agents of other suites may need it meanwhile.
    const isNeeded = () => existsSync(`/run/local-kubernetes/forwarding/${link}`);
    const isForwarding = () => readFileSync(`/proc/sys/net/ipv4/conf/${link}/forwarding`, 'utf8').trim() === '1';
    const other = await AgentCluster.start();
    await end(cluster.agent, 'SIGTERM');
    expect(isForwarding()).toBe(true);
    await other.stop();
    await expect.poll(() => isForwarding() === isNeeded(), { timeout }).toBe(true);
    await cluster.startAgent();
    expect(isForwarding()).toBe(true);
  });

  it.skipIf(!hasProgram('nft'))('leaves no rule behind when its agent stops', async () => {
    // Agents of other suites have tables of their own, which come and go meanwhile.
    const own = () => {
      const { stdout } = spawnSync('nft', ['list', 'tables'], { encoding: 'utf8' });
      return stdout.split('\n').filter((table) => table.includes(cluster.link));
    };
    expect(own()).toHaveLength(1);
    await end(cluster.agent, 'SIGTERM');
    expect(own()).toEqual([]);
    await cluster.startAgent();
    expect(own()).toHaveLength(1);
  });
});
