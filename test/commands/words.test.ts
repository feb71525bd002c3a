/** What every command says of itself, and to what it cannot do, without any cluster. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ebb, ebbProgram } from './ebb-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'ebb-words-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const environment = { EBB_HOME: folder, HOME: folder, KUBECONFIG: undefined, XDG_STATE_HOME: undefined };
const type = (...words: string[]) => ebb(words, { environment });

const commands = /^ {2}(\w+)/gm;
const help = await type('--help');
const names = [...help.stdout.slice(help.stdout.indexOf('Commands:')).matchAll(commands)].map((match) => match[1]!);

test('the help names every command', () => {
  expect(help.code).toBe(0);
  const wanted = ['up', 'down', 'status', 'demo', 'get', 'scale', 'logs', 'exec', 'flux', 'kubectl', 'install'];
  expect(names).toEqual(expect.arrayContaining([...wanted, 'uninstall', 'doctor', 'completion']));
});

// kubectl and flux answer for themselves.
test.each(names.filter((name) => !['help', 'kubectl'].includes(name)))('ebb %s --help', async (name) => {
  const { code, stdout, stderr } = await type(name, '--help');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(new RegExp(`^Usage: ebb ${name} `));
});

describe('refused', () => {
  test.each([
    [['nothing'], "error: unknown command 'nothing'\n(see: ebb --help)\n"],
    [['get', '-o', 'odd'], 'ebb: --output odd: use yaml or json\n'],
    [['status', '-o', 'odd'], 'ebb: --output odd: use json\n'],
    [['doctor', '-o', 'odd'], 'ebb: --output odd: use json\n'],
    [['scale', 'x'], "error: missing required argument 'size'\n(see: ebb scale --help)\n"],
    [['scale', 'x', 'many'], "ebb: SIZE many: a MiniCluster's size is a whole number from 1 to its maximum\n"],
    [['scale', 'x', '0'], "ebb: SIZE 0: a MiniCluster's size is a whole number from 1 to its maximum\n"],
    [['get'], 'ebb: no cluster: start one here with "ebb up", or name one with --kubeconfig\n'],
    [['install'], 'ebb: no cluster: start one here with "ebb up", or name one with --kubeconfig\n'],
    [['get', '--name', 'other'], 'ebb: no instance other runs here; start it with: ebb up --name other\n'],
    [['scale', 'x', ''], 'ebb: SIZE "": a MiniCluster\'s size is a whole number from 1 to its maximum\n'],
    [['scale', 'x', '0x3'], "ebb: SIZE 0x3: a MiniCluster's size is a whole number from 1 to its maximum\n"],
    [['logs', 'x', '--rank', 'first'], 'ebb: --rank first: use a whole number from 0\n'],
    [['logs', 'x', '--tail', '-1'], 'ebb: --tail -1: use a whole number from 0\n'],
    [['kubectl', '--name', 'other', 'get'], 'ebb: no instance other runs here; start it with: ebb up --name other\n'],
    [['up', '--images', '/nowhere'], 'ebb: /nowhere: no such file\n'],
    [['get', '--kubeconfig', '/nowhere'], 'ebb: --kubeconfig /nowhere: no such file\n'],
    [['get', '--context', 'none'], 'ebb: --context none: no such context; there are none\n'],
    [['kubectl', 'get', 'pods'], 'ebb: no instance runs here; start one with: ebb up\n'],
    [
      ['demo', 'nothing'],
      'ebb: no scenario nothing; there are basic, expand, launcher, command, scale, drain, capacity, autoscale, application\n',
    ],
    [
      ['exec', 'x'],
      "error: missing required argument 'command'\n(options of the command follow --: ebb exec NAME -- COMMAND; see: ebb exec --help)\n",
    ],
    [
      ['exec', 'x', 'ls', '-l'],
      "error: unknown option '-l'\n(options of the command follow --: ebb exec NAME -- COMMAND; see: ebb exec --help)\n",
    ],
  ])('%j', async (words, says) => {
    const { code, stdout, stderr } = await type(...words);
    expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: says });
  });
});

test('doctor says what it found, and fails only for what is missing', async () => {
  const { code, stdout } = await type('doctor', '-o', 'json');
  const findings = JSON.parse(stdout) as { subject: string; state: string; found: string; remedy?: string }[];
  expect(findings.map(({ subject }) => subject)).toEqual(expect.arrayContaining(['Node', 'Machine', 'kubectl']));
  for (const { state, remedy } of findings) expect(remedy === undefined, state).toBe(state === 'good');
  expect(code).toBe(findings.some(({ state }) => state === 'missing') ? 1 : 0);
});

test('what is printed into a pipe is whole, however much it is', async () => {
  const dryRun = async (where: string) => {
    const script = `"$0" "$1" install --dry-run ${where}`;
    const { code, stdout, stderr } = await ebb(['-c', script, process.execPath, ebbProgram], {
      program: 'sh',
      environment,
      folder,
    });
    expect(code, stderr).toBe(0);
    return stdout;
  };
  expect((await dryRun('| cat')).length).toBe((await dryRun('> whole; cat whole')).length);
});
