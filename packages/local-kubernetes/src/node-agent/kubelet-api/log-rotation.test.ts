// Logs that grow past what one file holds, seen by who follows them and by who reads them later; and a full disk.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AgentCluster, canRunPods, end } from '../agent-process.fixture.ts';

const timeout = 50_000;
/** @param width of a line with its end; 100 characters take about 140 bytes of a file of 10 MiB */
const writing = (lines: number, width = 100) => `seq -f 'line %0${width - 6}.0f' 1 ${lines}`;
const lineOf = (number: number) => `line ${String(number).padStart(94, '0')}`;

describe.skipIf(!canRunPods)('the log of a container', () => {
  let cluster: AgentCluster;
  beforeAll(async () => {
    cluster = await AgentCluster.start();
  });
  afterAll(() => cluster?.stop());

  /** Waits in the pod until `open` is called. */
  const gated = (script: string) => `echo ready; while [ ! -e /gate/open ]; do sleep 0.05; done; ${script}`;
  const gate = (name: string) => {
    const path = join(cluster.folder, `gate-${name}`);
    mkdirSync(path);
    return {
      pod: { volumes: [{ name: 'gate', hostPath: { path } }] },
      container: { volumeMounts: [{ name: 'gate', mountPath: '/gate' }] },
      open: () => writeFileSync(join(path, 'open'), ''),
    };
  };
  const ready = (name: string) => expect.poll(() => cluster.log(name).catch(() => []), { timeout }).toEqual(['ready']);

  it('is told whole to who follows it over several rotations', { timeout: 2 * timeout }, async () => {
    const lines = 300_000;
    const { open, ...rest } = gate('followed');
    await cluster.createPod('followed', gated(writing(lines)), rest);
    await ready('followed');
    const followed = cluster.log('followed', '?follow=true');
    open();
    const heard = await followed;
    expect(heard).toHaveLength(lines + 1);
    expect(heard.slice(1).findIndex((line, index) => line !== lineOf(index + 1))).toBe(-1);
  });

  it('is read over the rotated file by tail, since and previous', { timeout: 2 * timeout }, async () => {
    const lines = 100_000;
    await cluster.createPod('twice', `${writing(lines)}; exit 3`, { pod: { restartPolicy: 'Always' } });
    await expect
      .poll(async () => (await cluster.pod('twice'))?.status?.containerStatuses?.[0]?.restartCount, { timeout })
      .toBe(1);
    const folder = join(cluster.podsFolder, (await cluster.pod('twice'))!.metadata.uid!, 'logs', 'main');
    expect(readdirSync(folder)).toContain('0.log.1');
    const tail = await cluster.log('twice', '?previous=true&tailLines=90000');
    expect([tail.length, tail[0], tail.at(-1)]).toEqual([90_000, lineOf(10_001), lineOf(lines)]);
    const since = await cluster.log('twice', '?previous=true&sinceSeconds=3600&timestamps=true');
    expect(since).toHaveLength(lines);
    const middle = since[20_000]!.split(' ')[0]!;
    const later = await cluster.log('twice', `?previous=true&timestamps=true&sinceTime=${encodeURIComponent(middle)}`);
    expect(later.length).toBeLessThanOrEqual(since.length);
    expect(later.every((line) => Date.parse(line.split(' ')[0]!) >= Math.floor(Date.parse(middle) / 1000) * 1000)).toBe(
      true,
    );
    await cluster.deletePod('twice');
  });

  it('keeps what the last two runs wrote, and no more', { timeout: 2 * timeout }, async () => {
    await cluster.createPod('again', 'date +%s%N', { pod: { restartPolicy: 'Always' } });
    await expect
      .poll(async () => (await cluster.pod('again'))?.status?.containerStatuses?.[0]?.restartCount, { timeout })
      .toBe(2);
    const folder = join(cluster.podsFolder, (await cluster.pod('again'))!.metadata.uid!, 'logs', 'main');
    await expect.poll(() => readdirSync(folder).sort(), { timeout }).toEqual(['1.log', '2.log']);
    await cluster.deletePod('again');
  });

  it('does not wait for one who follows it and does not read: they are cut off', { timeout: 2 * timeout }, async () => {
    const { open, ...rest } = gate('unread');
    // 200 MB: what they may be behind (32 MiB), and twice what Linux may keep for a connection (up to 32 and 4 MiB), since the API
    // server stands between.
    await cluster.createPod('unread', gated(writing(200_000, 1000)), rest);
    await ready('unread');
    const answer = await cluster.peer.open('/api/v1/namespaces/default/pods/unread/log?follow=true');
    answer.pause();
    open();
    await expect.poll(() => cluster.phase('unread'), { timeout: timeout }).toBe('Succeeded');
    const isWhole = new Promise<boolean>((resolve) => {
      answer.on('error', () => {});
      answer.once('close', () => resolve(answer.complete));
    });
    answer.resume();
    expect(await isWhole).toBe(false);
  });
});

describe.skipIf(!canRunPods)('a node agent on a full disk', () => {
  let cluster: AgentCluster;
  beforeAll(async () => {
    cluster = await AgentCluster.start();
    await end(cluster.agent, 'SIGTERM');
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'full', cluster.podsFolder]);
    await cluster.startAgent();
  });
  afterAll(async () => {
    if (!cluster) return;
    await end(cluster.agent, 'SIGTERM');
    spawnSync('umount', ['-l', cluster.podsFolder]);
    await cluster.stop();
  });

  it('runs on, as its pods do: what they wrote first is there, what does not fit is lost, what has no room waits', async () => {
    await cluster.createPod('chatty', `${writing(60_000)}; exit 5`);
    await expect.poll(() => cluster.phase('chatty'), { timeout }).toBe('Failed');
    const { state } = (await cluster.pod('chatty'))!.status!.containerStatuses![0]!;
    expect(state.terminated?.exitCode).toBe(5);
    expect(cluster.said).toContain('lines of the log of main are lost: ENOSPC');
    const lines = await cluster.log('chatty');
    expect(lines.slice(0, 1000)).toEqual(Array.from({ length: 1000 }, (_, index) => lineOf(index + 1)));
    expect(lines.filter((line) => line.length !== 99)).toEqual([]);
    // What there is no room for waits until there is.
    await cluster.createPod('hungry', 'echo room');
    const told = async () => (await cluster.peer.send({ method: 'GET', path: '/api/v1/events' })).text;
    await expect.poll(told, { timeout }).toMatch(/FailedMount.*ENOSPC|ENOSPC.*FailedMount/s);
    await cluster.deletePod('chatty');
    await expect.poll(() => cluster.pod('chatty'), { timeout }).toBeUndefined();
    await expect.poll(() => cluster.phase('hungry'), { timeout }).toBe('Succeeded');
    expect(await cluster.log('hungry')).toEqual(['room']);
    expect(cluster.agent?.exitCode).toBeNull();
  });
});
