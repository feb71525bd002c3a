/** `ebb up` and what may befall it: ended at any moment, killed, started twice, given what is no good. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ebb, startEbb } from './ebb-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'ebb-up-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let home: string;
const environment = () => ({ EBB_HOME: home, KUBECONFIG: join(folder, 'no-kubeconfig'), HOME: folder });
const type = (...words: string[]) => ebb(words, { environment: environment() });

beforeEach(() => {
  home = mkdtempSync(join(folder, 'home-'));
});
afterEach(async () => {
  await type('down', '--delete');
  expect(processesOf(home)).toEqual([]);
});

/** Starts it and hears what it says; both outputs as one text. */
function starting(...words: string[]) {
  const child = startEbb(['up', ...words], { environment: environment() });
  let text = '';
  for (const output of [child.stdout!, child.stderr!]) {
    output.on('data', (chunk: Buffer) => {
      text += chunk;
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  const says = async (words: RegExp) => {
    await expect
      .poll(() => (child.exitCode === null ? text : `${text}\n(ended)`), { timeout: 60_000, interval: 20 })
      .toMatch(words);
  };
  return { child, ended, says, text: () => text };
}

/** Command lines of the processes that have to do with a folder. */
function processesOf(path: string): string[] {
  const lines = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return `${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'utf8')} ${readFileSync(`/proc/${pid}/environ`, 'utf8')}`.replaceAll(
          '\0',
          ' ',
        );
      } catch {
        return '';
      }
    });
  return lines.filter((line) => line.includes(path)).map((line) => line.slice(0, 200));
}

const mounts = () =>
  execFileSync('cat', ['/proc/mounts'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(home));

describe('Ctrl-C', () => {
  const stages: [when: string, says: RegExp | undefined, code: number][] = [
    ['at its very beginning', undefined, 130],
    ['when Kubernetes runs', /Kubernetes on/, 130],
    ['when the operator runs', /Operator/, 130],
    ['when the brokers are up', /Try next/, 0],
  ];
  test.each(stages)('%s leaves nothing running', async (_, says, code) => {
    const up = starting();
    if (says) await up.says(says);
    else await expect.poll(() => existsSync(join(home, 'ebb', 'lock')), { interval: 5, timeout: 20_000 }).toBe(true);
    // As a terminal does: to the process and its children that are in its group.
    up.child.kill('SIGINT');
    expect(await up.ended, up.text()).toBe(code);
    if (code !== 0) expect(up.text()).toContain('ebb: interrupted before it was ready');
    expect(processesOf(home)).toEqual([]);
    expect(mounts()).toEqual([]);
    expect(existsSync(join(home, 'ebb', 'lock'))).toBe(false);
    expect((await type('status')).stdout).toBe('Instance ebb does not run. Start it with: ebb up\n');
  });

  test('while a detached one is waited for', async () => {
    const up = starting('-d');
    await expect.poll(() => existsSync(join(home, 'ebb', 'kubernetes', 'kubeconfig')), { timeout: 20_000 }).toBe(true);
    up.child.kill('SIGINT');
    expect(await up.ended).toBe(130);
    expect(processesOf(home)).toEqual([]);
  });
});

test('started again it goes on at once with what there was, and says brokers are up when they are', async () => {
  for (let turn = 0; turn < 3; turn++) {
    const up = starting();
    await up.says(/Try next/);
    expect(up.text()).toMatch(/free +4 .*flux-sample-\[0-3\]/);
    up.child.kill('SIGTERM');
    expect(await up.ended).toBe(0);
  }
});

test('after kill -9 the next start cleans up and goes on with what there was', async () => {
  const text = `apiVersion: flux-framework.org/v1alpha2
kind: MiniCluster
metadata: {name: one, namespace: flux-operator}
spec: {size: 1, maxSize: 2, interactive: true, containers: [{image: "rockylinux:9"}]}
`;
  writeFileSync(join(folder, 'one.yaml'), text);
  const first = starting('-f', join(folder, 'one.yaml'));
  await first.says(/Try next/);
  first.child.kill('SIGKILL');
  await first.ended;
  expect((await type('status')).stdout).toContain('does not run');
  const second = starting('-f', join(folder, 'one.yaml'));
  await second.says(/Try next/);
  expect(second.text()).toMatch(/free +1 .*one-0/);
  expect((await type('scale', 'one', '2', '--wait')).stderr).toMatch(/✔ 2 brokers up/);
  expect((await type('flux', 'one', 'resource', 'list')).stdout).toMatch(/free +2 /);
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
  // A person reads this: no log lines of the parts in between.
  expect(second.text()).not.toMatch(/^\{/m);
});

test('of two at once, one runs and the other says so', async () => {
  const pair = [starting('--no-cluster'), starting('--no-cluster')];
  const loser = await Promise.race(pair.map((each) => each.ended.then(() => each)));
  const winner = pair.find((each) => each !== loser)!;
  expect(await loser.ended).toBe(1);
  expect(loser.text()).toBe(
    `ebb: instance ebb runs already (process ${winner.child.pid}); stop it with "ebb down" or give this one another --name\n`,
  );
  await winner.says(/Try next/);
  expect((await type('status', '-o', 'json')).stdout).toContain('"running":true');
  expect((await type('up', '-d')).stderr).toContain('runs already');
  expect((await type('down')).code).toBe(0);
  expect(await winner.ended).toBe(0);
});

test('in the background, under a name, with what standard input holds', async () => {
  const kinds = [
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'Big:Role' }, rules: [] },
    {
      apiVersion: 'flux-framework.org/v1alpha2',
      kind: 'MiniCluster',
      metadata: { name: 'one', namespace: 'work' },
      spec: { size: 1, maxSize: 2, interactive: true, containers: [{ image: 'rockylinux:9' }] },
    },
  ];
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: kinds });
  const images = join(home, 'images.yaml');
  writeFileSync(images, '- {image: "motto:*", root: host, env: {PATH: /usr/bin:/bin, MOTTO: of a file}}');
  const words = ['up', '-d', '--name', 'second', '--images', images, '-f', '-'];
  const { code, stdout, stderr } = await ebb(words, { environment: environment(), input });
  try {
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('runs as process') });
    expect(stdout).toMatch(/free +1 /);
    // Each line that it says to type does what it says.
    const next = [...stdout.matchAll(/^ {2}ebb (get|scale|flux)(.+?)( {3}|$)/gm)];
    expect(next.map((line) => line[1])).toEqual(['get', 'scale', 'flux']);
    for (const [, command, rest] of next) {
      const typed = await type(command!, ...rest!.trim().split(' '));
      expect(typed.code, typed.stderr).toBe(0);
      if (command === 'flux') expect(typed.stdout).toMatch(/free +2 /);
    }
    expect((await type('kubectl', '--name', 'second', 'get', 'clusterrole', 'Big:Role')).code).toBe(0);
    const run = ['run', 'says', '--image=motto:1', '--restart=Never', '--attach', '--rm', '--quiet'];
    const said = await type('kubectl', '--name', 'second', ...run, '--', 'sh', '-c', 'echo "$MOTTO"');
    expect(said.stdout, said.stderr).toBe('of a file\n');
    expect((await type('get')).stderr).toMatch(/^ebb: KUBECONFIG .*no-kubeconfig: no such file; start a cluster here/);
    const log = join(home, 'second', 'ebb.log');
    expect((await type('up', '-d', '--name', 'second')).stderr).toMatch(/^ebb: instance second runs already/);
    expect(readFileSync(log, 'utf8'), 'the log of the one that runs').toContain('Try next');
  } finally {
    expect((await type('down', '--name', 'second')).code).toBe(0);
  }
});

test('a MiniCluster whose program has ended, or that is suspended, is not waited for', async () => {
  const mode = (name: string, spec: string) =>
    `---\napiVersion: flux-framework.org/v1alpha2\nkind: MiniCluster\nmetadata: {name: ${name}}\nspec: {size: 1, ${spec}}\n`;
  const text = `${mode('done', 'containers: [{image: i, launcher: true, command: "true"}]')}${mode('still', 'interactive: true, scaling: {suspend: true}, containers: [{image: i}]')}`;
  const up = starting('-f', '-');
  up.child.stdin!.end(text);
  await up.says(/Try next/);
  expect(up.text()).toMatch(/✔ MiniCluster still .*suspend/i);
  up.child.kill('SIGINT');
  expect(await up.ended).toBe(0);
});

test('down stops one that is still starting', async () => {
  const up = starting();
  await expect.poll(() => existsSync(join(home, 'ebb', 'lock')), { interval: 5, timeout: 20_000 }).toBe(true);
  expect((await type('status')).stdout).toBe(`Instance ebb is starting or stopping (process ${up.child.pid})\n`);
  expect((await type('down')).stderr).toContain('stopped');
  expect(await up.ended).toBe(130);
});

describe('what is no good', () => {
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  test.each([
    ['no file', ['-f', '/nowhere.yaml'], /^ebb: --filename \/nowhere.yaml: no such file\n$/],
    ['a folder', ['-f', '/'], /^ebb: --filename \/: it is a folder\n$/],
    ['no YAML', ['-f', file('bad.yaml', 'a: [')], /bad.yaml: .*at line 1/],
    ['nothing', ['-f', file('empty.yaml', '')], /empty.yaml: holds no object/],
    ['no object', ['-f', file('words.yaml', 'hello')], /words.yaml: a document is no Kubernetes object/],
    ['nodes', ['--nodes', 'many'], /^ebb: --nodes many: use a whole number from 1 to 64\n$/],
    ['a port', ['--port', '70000'], /^ebb: --port 70000: use a whole number from 0 to 65535\n$/],
    [
      'a name',
      ['--name', 'Not/Good'],
      /^ebb: --name "Not\/Good": use 1 to 40 lower-case letters, digits and dashes\n$/,
    ],
    ['an option', ['--nothing'], /^error: unknown option '--nothing'/],
  ])('%s', async (_, words, says) => {
    const { code, stderr } = await type('up', ...words);
    expect(stderr).toMatch(says);
    expect(code).toBe(1);
  });

  test('a state folder that cannot be made', async () => {
    const { code, stderr } = await ebb(['up'], { environment: { ...environment(), EBB_HOME: '/proc/nowhere' } });
    expect(stderr).toMatch(
      /^ebb: the state folder \/proc\/nowhere\/ebb cannot be written: set EBB_HOME to a folder of yours/,
    );
    expect(code).toBe(1);
  });

  test('a port that another program has', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const { code, stderr } = await type('up', '--port', `${port}`);
    expect(stderr).toContain(
      `ebb: --port ${port}: another program listens there; choose another port, or 0 for a free one\n`,
    );
    expect(code).toBe(1);
    server.close();
  });

  test('a MiniCluster that the API refuses', async () => {
    const text =
      'apiVersion: flux-framework.org/v1alpha2\nkind: MiniCluster\nmetadata: {name: x}\nspec: {size: 0, containers: [{image: i}]}\n';
    const { code, stderr } = await type('up', '-f', file('zero.yaml', text));
    expect(stderr).toMatch(/ebb: .*"x" is invalid: .*spec.size.*at least 1/s);
    expect(code).toBe(1);
  });

  test('a kind that nobody serves', async () => {
    const text = 'apiVersion: example.com/v1\nkind: Boat\nmetadata: {name: x}\n';
    const { code, stderr } = await type('up', '-f', file('boat.yaml', text));
    expect(stderr).toContain('ebb: the cluster knows no Boat of example.com/v1\n');
    expect(code).toBe(1);
  });
});
