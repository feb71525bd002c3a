import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { startTicksOf } from '../instance/instance-record.ts';
import { openCluster, openForeignCluster } from './open-cluster.ts';

const folder = mkdtempSync(join(tmpdir(), 'ebb-open-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const kept = { ...process.env };
beforeEach(() => {
  process.env['EBB_HOME'] = join(folder, 'home');
  process.env['HOME'] = folder;
  delete process.env['KUBECONFIG'];
});
afterEach(() => {
  process.env = { ...kept };
  rmSync(join(folder, 'home'), { recursive: true, force: true });
});

/** A kubeconfig of one cluster in contexts of these names, the first of them current. */
function kubeconfig(name: string, server: string, ...contexts: string[]): string {
  const path = join(folder, name);
  const all = contexts.map((context) => ({ name: context, context: { cluster: 'c', user: 'u', namespace: context } }));
  const clusters = [{ name: 'c', cluster: { server } }];
  const users = [{ name: 'u', user: { token: 't' } }];
  writeFileSync(path, JSON.stringify({ clusters, users, contexts: all, 'current-context': contexts[0] }));
  return path;
}

/** The record of a local instance that runs: as this process. */
function runs(url: string): void {
  const kubeconfigPath = kubeconfig('local', url, 'local');
  mkdirSync(join(folder, 'home', 'ebb'), { recursive: true });
  const record = { pid: process.pid, startTicks: startTicksOf(process.pid), kubeconfigPath, url, since: '' };
  writeFileSync(join(folder, 'home', 'ebb', 'instance.json'), JSON.stringify(record));
}

const serverOf = (options: Parameters<typeof openCluster>[0]) =>
  openCluster(options).config.getCurrentCluster()?.server;

test('the file that is named, before the instance that runs, before the user’s own', () => {
  const named = kubeconfig('named', 'https://named:1', 'one', 'two');
  process.env['KUBECONFIG'] = kubeconfig('own', 'https://own:1', 'mine');
  expect(serverOf({})).toBe('https://own:1');
  runs('https://127.0.0.1:6443');
  expect(serverOf({})).toBe('https://127.0.0.1:6443');
  expect(serverOf({ context: 'mine' })).toBe('https://own:1');
  expect(serverOf({ kubeconfig: named })).toBe('https://named:1');
});

test('the namespace is that of the context', () => {
  const named = kubeconfig('named', 'https://named:1', 'one', 'two');
  expect(openCluster({ kubeconfig: named }).namespace).toBe('one');
  expect(openCluster({ kubeconfig: named, context: 'two' }).namespace).toBe('two');
});

test.each([
  [{}, 'no cluster: start one here with "ebb up", or name one with --kubeconfig'],
  [{ name: 'second' }, 'no instance second runs here; start it with: ebb up --name second'],
  [{ kubeconfig: '/nowhere' }, '--kubeconfig /nowhere: no such file'],
  [{ kubeconfig: '/tmp' }, '--kubeconfig /tmp: a folder; name the file in it'],
])('%j: there is none', (options, message) => {
  expect(() => openCluster(options)).toThrow(message);
});

test('what KUBECONFIG names and is not there', () => {
  process.env['KUBECONFIG'] = '/nowhere/config';
  expect(() => openCluster({})).toThrow('KUBECONFIG /nowhere/config: no such file; start a cluster here with "ebb up"');
});

test('a context that is not there is answered with those that are', () => {
  const named = kubeconfig('named', 'https://named:1', 'one', 'two');
  expect(() => openCluster({ kubeconfig: named, context: 'three' })).toThrow(
    '--context three: no such context; there are one, two',
  );
});

test('a local instance is no place to install the operator into', () => {
  runs('https://127.0.0.1:6443');
  const local = kubeconfig('again', 'https://127.0.0.1:6443', 'local');
  expect(() => openForeignCluster({ kubeconfig: local })).toThrow('this is the local instance');
});
