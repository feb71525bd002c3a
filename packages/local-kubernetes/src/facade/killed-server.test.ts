// kill -9 of the server under load, again and again on one folder: what was acknowledged is there, on the same port,
// and a watch goes on from where it was without a gap.

import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { FolderInUseError, takeFolder } from './folder-lock.ts';
import { HttpPeer } from './http-peer.fixture.ts';
import { startLocalKubernetes } from './start-local-kubernetes.ts';

const collection = '/api/v1/namespaces/default/configmaps';
const rounds = Number(process.env['ROUNDS'] ?? 3);
const folders: string[] = [];
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'killed-'));
  folders.push(folder);
  return folder;
}

function start(folder: string): Promise<{ child: ChildProcess; url: string }> {
  return new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'server-process.fixture.ts'), [folder], {
      execArgv: ['--import', 'tsx'],
    });
    children.push(child);
    child.once('message', (url: string) => resolve({ child, url }));
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
}

interface Event {
  readonly type: string;
  readonly object: { readonly metadata: { readonly name: string; readonly resourceVersion: string } };
}

describe('a server killed under load', () => {
  it(`loses no acknowledged write in ${rounds} rounds, and its watches have no gap`, { timeout: 120_000 }, async () => {
    const folder = newFolder();
    const alive = new Set<string>();
    const gone = new Set<string>();
    let revision = '';
    let formerUrl: string | undefined;
    for (let round = 0; round < rounds; round++) {
      const { child, url } = await start(folder);
      expect(url).toBe(formerUrl ?? url);
      formerUrl = url;
      const peer = new HttpPeer(join(folder, 'kubeconfig'));
      if (revision === '') {
        const { body } = await peer.json('GET', collection);
        revision = (body['metadata'] as { resourceVersion: string }).resourceVersion;
      }
      const limit = 150 + round * 70;
      let count = 0;
      const work = async (worker: number): Promise<void> => {
        for (let index = 0; ; index++) {
          const name = `r${round}-w${worker}-${index}`;
          const made = await peer.json('POST', collection, { metadata: { name }, data: { round: `${round}` } });
          expect(made.code).toBe(201);
          alive.add(name);
          if (index % 3 === 2) {
            // Until it is acknowledged nobody knows whether it was carried out.
            alive.delete(name);
            const removed = await peer.json('DELETE', `${collection}/${name}`);
            expect(removed.code).toBe(200);
            gone.add(name);
          }
          if (++count >= limit) child.kill('SIGKILL');
        }
      };
      const results = await Promise.allSettled(Array.from({ length: 6 }, (_, worker) => work(worker)));
      for (const result of results) expect((result as PromiseRejectedResult).reason.name).not.toBe('AssertionError');
      peer.close();
    }
    await start(folder);
    const peer = new HttpPeer(join(folder, 'kubeconfig'));
    const { body } = await peer.json('GET', collection);
    const names = new Set((body['items'] as Event['object'][]).map(({ metadata }) => metadata.name));
    for (const name of alive) expect(names.has(name), name).toBe(true);
    for (const name of gone) expect(names.has(name), name).toBe(false);
    // The whole story, told again from before the first kill.
    const stream = await peer.send({
      method: 'GET',
      path: `${collection}?watch=1&timeoutSeconds=1&resourceVersion=${revision}`,
    });
    const told = new Map<string, string[]>();
    let last = Number(revision);
    for (const line of stream.text.split('\n').filter(Boolean)) {
      const { type, object } = JSON.parse(line) as Event;
      expect(Number(object.metadata.resourceVersion)).toBeGreaterThan(last);
      last = Number(object.metadata.resourceVersion);
      told.set(object.metadata.name, [...(told.get(object.metadata.name) ?? []), type]);
    }
    for (const name of alive) expect(told.get(name)).toEqual(['ADDED']);
    for (const name of gone) expect(told.get(name)).toEqual(['ADDED', 'DELETED']);
    peer.close();
  });

  it('is the only one on its folder, and several run beside each other', async () => {
    const [first, second] = [newFolder(), newFolder()];
    const clusters = await Promise.all(
      [first, second].map((stateFolder) => startLocalKubernetes({ stateFolder, nodes: [], inMemory: true })),
    );
    expect(() => takeFolder(first)).toThrow(FolderInUseError);
    expect(clusters[0]?.url).not.toBe(clusters[1]?.url);
    await Promise.all(clusters.map((cluster) => cluster.stop()));
    takeFolder(first).release();
  });
});
