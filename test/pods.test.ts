/** What people do with running pods, typed with real kubectl: exec, attach, port-forward, cp. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findKubectl } from '@ebb/ebb/internal';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { embedded } from './clusters/embedded.ts';
import { real } from './clusters/real.ts';
import { runs, type TestCluster } from './clusters/test-cluster.ts';

const kubectl = await findKubectl();
const folder = mkdtempSync(join(tmpdir(), 'ebb-pods-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const content = randomBytes(10 << 20);
const contentSum = sum(content);

const pod = (name: string, script: string, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: {
    terminationGracePeriodSeconds: 0,
    restartPolicy: 'Never',
    containers: [{ name: 'main', image: 'node:22', command: ['bash', '-c', script], ...more }],
  },
});
/** In an image that has Node, or else this machine's. */
const node = `export PATH=$PATH:${dirname(process.execPath)}; exec node`;
const web = `${node} -e 'require("http").createServer((_, answer) => answer.end("from the pod\\n")).listen(8080, "127.0.0.1")'`;
const items = [
  pod('idle', 'exec sleep 3600'),
  pod('debugged', 'exec sleep 3600'),
  pod('web', web),
  pod('ticker', 'while :; do echo tick; sleep 0.1; done'),
  pod('asker', 'read -r words; echo "heard $words"; exec sleep 3600', { stdin: true }),
  pod('writer', 'echo out > /dev/stdout; echo err > /dev/stderr; exec sleep 3600', {
    securityContext: { runAsUser: 1234 },
  }),
  pod('terminal', 'read -r words; echo "heard $words"; stty size; exec sleep 3600', { stdin: true, tty: true }),
];

for (const kind of [embedded, real]) {
  describe.skipIf(!runs(kind) || !kubectl)(`pods on ${kind.name}`, () => {
    let cluster: TestCluster;
    const running = new Set<ChildProcess>();

    function start(...words: string[]): ChildProcess {
      const env = { ...process.env, KUBECONFIG: cluster.kubeconfigPath };
      const child = spawn(kubectl!.path, words, { env, stdio: ['pipe', 'pipe', 'pipe'] });
      child.stdin!.on('error', () => {});
      running.add(child);
      child.once('exit', () => running.delete(child));
      return child;
    }

    async function type(words: string[], input: Buffer | string = '') {
      const child = start(...words);
      const out: Buffer[] = [];
      const errors: Buffer[] = [];
      child.stdout!.on('data', (chunk: Buffer) => out.push(chunk));
      child.stderr!.on('data', (chunk: Buffer) => errors.push(chunk));
      child.stdin!.end(input);
      const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
      return { code, out: Buffer.concat(out), errors: Buffer.concat(errors).toString() };
    }

    beforeAll(async () => {
      cluster = await kind.start();
      // A controller makes it a moment after the namespace; no pod is taken before.
      const account = await type(['wait', '--for=create', 'serviceaccount/default', '--timeout=60s']);
      expect(account.code).toBe(0);
      const made = await type(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
      expect(made.errors).toBe('');
      const names = items.map(({ metadata }) => `pod/${metadata.name}`);
      const ready = await type(['wait', '--for=condition=Ready', ...names, '--timeout=60s']);
      expect(ready.code).toBe(0);
    }, 1_200_000);
    afterAll(async () => {
      for (const child of running) child.kill('SIGKILL');
      await cluster?.stop();
    });

    test('exec keeps outputs apart and has the exit code', async () => {
      const { code, out, errors } = await type(['exec', 'idle', '--', 'sh', '-c', 'echo out; echo err >&2; exit 7']);
      expect(code).toBe(7);
      expect(out.toString()).toBe('out\n');
      expect(errors).toBe('err\ncommand terminated with exit code 7\n');
    });

    test.each(['1', 'self'])('process %s of a container has nothing open that is not its own', async (which) => {
      // A terminal that is open beside it, and whatever the node has open, is none of its business.
      const script = `for each in /proc/${which}/fd/*; do echo "\${each##*/} $(readlink $each)"; done`;
      for (const name of ['idle', 'terminal']) {
        const { out } = await type(['exec', name, '--', 'bash', '-c', script]);
        const others = out
          .toString()
          .split('\n')
          .filter((line) => Number(line.split(' ')[0]) > 2 && !/ (\/dev\/null|\/proc\/.*|pipe:.*)?$/.test(line));
        expect(others).toEqual([]);
      }
    });

    test('a program may open its outputs anew, by the names they have in /dev', async () => {
      const { out, errors } = await type([
        'exec',
        'idle',
        '--',
        'sh',
        '-c',
        'echo out > /dev/stdout; echo err > /dev/stderr',
      ]);
      expect([out.toString(), errors]).toEqual(['out\n', 'err\n']);
      const logs = await type(['logs', 'writer']);
      expect(logs.out.toString().split('\n').sort()).toEqual(['', 'err', 'out']);
    });

    test('bash does not take the input of exec for a login from afar', async () => {
      await type(['exec', 'idle', '--', 'sh', '-c', 'mkdir -p /tmp/home; echo echo start-up file > /tmp/home/.bashrc']);
      const { out } = await type(['exec', '-i', 'idle', '--', 'env', 'HOME=/tmp/home', 'bash', '-c', 'cat'], 'input');
      expect(out.toString()).toBe('input');
    });

    test('exec carries 10 MB both ways', async () => {
      const { out, code } = await type(['exec', '-i', 'idle', '--', 'cat'], content);
      expect(code).toBe(0);
      expect(sum(out)).toBe(contentSum);
    });

    test('a command that does not read its input ends all the same', async () => {
      const { out, code } = await type(
        ['exec', '-i', 'idle', '--', 'sh', '-c', 'sleep 0.5; echo done; exit 3'],
        content,
      );
      expect(out.toString()).toBe('done\n');
      expect(code).toBe(3);
    });

    test('a command ends when its client is killed', async () => {
      const client = start('exec', 'idle', '--', 'sh', '-c', 'echo on; exec sleep 4711');
      await heard(client, 'on');
      const count = async () =>
        (await type(['exec', 'idle', '--', 'pgrep', '-cf', '^sleep 4711'])).out.toString().trim();
      expect(await count()).toBe('1');
      client.kill('SIGKILL');
      await expect.poll(count, { timeout: 20_000 }).toBe('0');
    });

    test('twenty commands at once', async () => {
      const all = await Promise.all(
        Array.from({ length: 20 }, (_, n) => type(['exec', 'idle', '--', 'sh', '-c', `echo ${n}; exit ${n}`])),
      );
      expect(all.map(({ code, out }) => `${code} ${out}`)).toEqual(all.map((_, n) => `${n} ${n}\n`));
    });

    test('exec on a terminal', async () => {
      // kubectl without a terminal of its own asks for none: `script` gives it one.
      const env = { ...process.env, KUBECONFIG: cluster.kubeconfigPath, SHELL: '/bin/sh' };
      const gate = join(folder, `resize-${kind.name.replaceAll(' ', '-')}`);
      const resize = `while [ ! -e ${gate} ]; do sleep 0.1; done; stty rows 40 cols 120 < /dev/tty`;
      const line = `stty rows 33 cols 101; (${resize}) & ${kubectl!.path} exec -it idle -- bash`;
      const client = spawn('script', ['-qec', line, '/dev/null'], { env, stdio: ['pipe', 'pipe', 'pipe'] });
      running.add(client);
      const exited = new Promise((resolve) => client.once('exit', resolve));
      let screen = '';
      client.stdout.on('data', (chunk: Buffer) => {
        screen += chunk;
      });
      const shows = (text: string | RegExp) => expect.poll(() => screen, { timeout: 20_000 }).toMatch(text);
      await shows('# ');
      client.stdin.write('sleep 4712\n');
      await expect.poll(async () => (await type(['exec', 'idle', '--', 'pgrep', '-cf', '^sleep 4712'])).code).toBe(0);
      client.stdin.write('\x03');
      client.stdin.write('echo "code $?, size $(stty size)"; tty\n');
      await shows('code 130, size 33 101');
      await shows(/^\/dev\/pts\/\d/m);
      client.stdin.write('sleep 4713\n');
      await expect.poll(async () => (await type(['exec', 'idle', '--', 'pgrep', '-cf', '^sleep 4713'])).code).toBe(0);
      client.stdin.write('\x1a');
      await shows('Stopped');
      client.stdin.write('kill %1; script -qc "echo a $((6 * 7))" /dev/null\n');
      await shows('a 42');
      writeFileSync(gate, '');
      client.stdin.write('until [ "$(stty size)" = "40 120" ]; do sleep 0.1; done; echo resized $((6 * 7)); exit 9\n');
      await shows('resized 42');
      expect(await exited).toBe(9);
    });

    test('attach shows what a pod says, and gives it what it asks for', async () => {
      const looker = start('attach', 'ticker');
      await heard(looker, 'tick');
      looker.kill();
      for (const name of ['asker', 'terminal']) {
        const client = start('attach', '-i', name);
        client.stdin!.write('these words\n');
        await heard(client, 'heard these words');
        client.kill();
      }
    });

    test('debug adds a container that sees the processes of another, and ends with its pod', async () => {
      const words = ['debug', 'debugged', '--image=ubuntu', '--target=main', '--profile=general', '-i', '-c', 'looks'];
      const script = 'read -r words; tr "\\0" " " < /proc/1/cmdline; echo "heard $words"; exit 3';
      const { code, out, errors } = await type([...words, '--', 'bash', '-c', script], 'a question\n');
      expect(code, errors).toBe(0);
      expect(out.toString()).toMatch(/^Targeting container "main"\. .*\nsleep 3600 heard a question\n$/);
      const said = (await type(['logs', 'debugged', '-c', 'looks'])).out.toString();
      expect(said).toBe('sleep 3600 heard a question\n');
      const path = 'jsonpath={.status.ephemeralContainerStatuses[*].state.terminated.exitCode}';
      await expect.poll(async () => (await type(['get', 'pod', 'debugged', '-o', path])).out.toString()).toBe('3');
      await type(['debug', 'debugged', '--image=ubuntu', '--profile=general', '-c', 'stays', '--', 'sleep', '3600']);
      const state = 'jsonpath={.status.ephemeralContainerStatuses[1].state}';
      const stays = async () => (await type(['get', 'pod', 'debugged', '-o', state])).out.toString();
      await expect.poll(stays, { timeout: 30_000 }).toContain('running');
      expect((await type(['exec', 'debugged', '-c', 'stays', '--', 'hostname'])).out.toString()).toBe('debugged\n');
    });

    test('run --rm -i hands input to a new pod and waits for its end', async () => {
      const words = ['run', 'once', '-i', '--rm', '--quiet', '--restart=Never', '--image=ubuntu', '--command', '--'];
      const { out, code } = await type([...words, 'sh', '-c', 'sleep 0.5; cat; exit 4'], 'given\n');
      expect(out.toString()).toContain('given\n');
      expect(code).toBe(4);
    });

    test.each([
      ['WebSocket', 'true'],
      ['SPDY', 'false'],
    ])('port-forward over %s', async (_, isWebSocket) => {
      const env = { ...process.env, KUBECONFIG: cluster.kubeconfigPath, KUBECTL_PORT_FORWARD_WEBSOCKETS: isWebSocket };
      const client = spawn(kubectl!.path, ['port-forward', 'pod/web', ':8080'], { env });
      running.add(client);
      const port = /127\.0\.0\.1:(\d+)/.exec(await heard(client, 'Forwarding from 127.0.0.1'))![1];
      const texts = await Promise.all(
        Array.from({ length: 10 }, async () => (await fetch(`http://127.0.0.1:${port}/index.html`)).text()),
      );
      expect(new Set(texts)).toEqual(new Set(['from the pod\n']));
      client.kill();
    });

    test('a pod reaches the API as its service account', async () => {
      const account = '/var/run/secrets/kubernetes.io/serviceaccount';
      const asks = `const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = process.env;
        const token = require("fs").readFileSync("${account}/token", "utf8");
        fetch(\`https://\${host}:\${port}/api/v1/namespaces/${cluster.namespace}/pods\`, {
          headers: { authorization: \`Bearer \${token}\` },
          signal: AbortSignal.timeout(10_000),
        }).then(async (answer) => console.log(await answer.text()));`;
      const script = `export NODE_EXTRA_CA_CERTS=${account}/ca.crt; ${node} -e '${asks}'`;
      const { out, errors } = await type(['exec', 'idle', '--', 'sh', '-c', script]);
      expect(errors).toBe('');
      expect(JSON.parse(out.toString())).toMatchObject({
        code: 403,
        message: expect.stringContaining(
          `User "system:serviceaccount:${cluster.namespace}:default" cannot list resource "pods"`,
        ),
      });
    });

    test('cp there and back', async () => {
      const path = join(folder, 'content');
      writeFileSync(path, content);
      expect(await type(['cp', path, 'idle:/tmp/content'])).toMatchObject({ code: 0, errors: '' });
      expect(await type(['cp', 'idle:/tmp/content', `${path}.back`])).toMatchObject({ code: 0 });
      expect(sum(readFileSync(`${path}.back`))).toBe(contentSum);
    });
  });
}

function sum(data: Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

/** Resolves with what a client has said when that contains `words`. Rejects when it ends before. */
function heard(client: ChildProcess, words: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const listen = (chunk: Buffer): void => {
      text += chunk;
      if (text.includes(words)) resolve(text);
    };
    client.stdout!.on('data', listen);
    client.stderr!.on('data', listen);
    client.once('close', () => reject(new Error(`it ended after: ${text}`)));
  });
}
