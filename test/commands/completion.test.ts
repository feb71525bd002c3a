/** Completion as it is typed: in a shell of each kind on a terminal of its own, with real MiniClusters to name. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Cluster, configFrom, findKubectl } from '@ebb/ebb/internal';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { embedded } from '../clusters/embedded.ts';
import { runs, type TestCluster } from '../clusters/test-cluster.ts';
import { ebb, ebbProgram } from './ebb-command.ts';

const has = (shell: string) =>
  runs({ name: shell, missing: spawnSync(shell, ['-c', 'true']).status === 0 ? undefined : 'it is not installed' });
const folder = mkdtempSync(join(tmpdir(), 'ebb-completion-'));
const programs = join(folder, 'bin');
let cluster: TestCluster;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  mkdirSync(programs);
  for (const name of ['ebb', 'kubectl-ebb']) symlinkSync(ebbProgram, join(programs, name));
  writeFileSync(join(folder, 'a file.yaml'), '');
  cluster = await embedded.start({ operator: false });
  const { PATH } = process.env;
  environment = {
    KUBECONFIG: cluster.kubeconfigPath,
    EBB_HOME: join(folder, 'home'),
    HOME: folder,
    PATH: `${programs}${delimiter}${PATH}`,
    TERM: 'dumb',
  };
  for (const name of ['alpha', 'beta-one', 'beta-two']) {
    const spec = { size: 1, interactive: true, containers: [{ image: 'rockylinux:9' }] };
    const metadata = { name, namespace: 'default' };
    await new Cluster(configFrom(cluster.kubeconfigPath)).apply({
      apiVersion: 'flux-framework.org/v1alpha2',
      kind: 'MiniCluster',
      metadata,
      spec,
    });
  }
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { stdout, code } = await ebb(['completion', shell], { environment });
    expect(code).toBe(0);
    writeFileSync(join(folder, `ebb.${shell}`), stdout);
  }
});
afterAll(async () => {
  await cluster?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What each shell offers for a line; the last word is the one to complete. */
const offers: [line: string, offered: string[]][] = [
  ['ebb un', ['uninstall']],
  ['ebb get --out', ['--output']],
  ['ebb get -o ', ['json', 'yaml']],
  ['ebb flux be', ['beta-one', 'beta-two']],
  ['ebb scale alp', ['alpha']],
  ['ebb completion ', ['bash', 'fish', 'zsh']],
  ['ebb demo ex', ['expand']],
  ['ebb up --nod', ['--nodes']],
  ['ebb up --nodes ', []],
  ['ebb up -f a', ['a file.yaml']],
];

describe.skipIf(!has('bash'))('in bash', () => {
  test.each(offers)('%s', async (line, offered) => {
    const words = line.split(' ');
    const asked = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _ebb`;
    const script = `cd ${folder}; source ebb.bash; ${asked}; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const given = line === 'ebb completion ' ? [...offered, '--help'] : offered;
    expect(lines(await run('bash', ['--norc', '-c', script]))).toEqual(given.sort());
  });
});

describe.skipIf(!has('fish'))('in fish', () => {
  test.each(offers)('%s', async (line, offered) => {
    const said = lines(
      await run('fish', ['--no-config', '-c', `cd ${folder}; source ebb.fish; complete -C '${line}'`]),
    );
    expect(
      said.map((each) => each.split('\t')[0]!.replace('\\ ', ' ')).filter((each) => !each.startsWith('-h')),
    ).toEqual(offered);
  });
});

describe.each(['bash', 'zsh'])('on a terminal of %s', (shell) => {
  test.skipIf(!has(shell))('keys complete a line that then runs', async () => {
    const flags = shell === 'bash' ? '--norc --noprofile' : '-f';
    const load = shell === 'zsh' ? 'autoload -Uz compinit; compinit -u -D; ' : '';
    const child = spawn('script', ['-qec', `${shell} ${flags} -i`, '/dev/null'], {
      env: { ...process.env, ...environment, SHELL: '/bin/sh' },
    });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk;
    });
    const hears = (words: RegExp) => expect.poll(() => text, { timeout: 30_000 }).toMatch(words);
    try {
      child.stdin.write(`${load}source ${folder}/ebb.${shell}; echo load''ed\n`);
      await hears(/loaded/);
      child.stdin.write('ebb ge\talp\t--outp\tjs\t');
      // Between the letters stands how the cursor moves.
      await hears(/o.*u.*t.*p.*u.*t.*j.*s.*o.*n/);
      child.stdin.write('\n');
      await hears(/"name": "alpha"/);
      child.stdin.write('exit\n');
      await new Promise((resolve) => child.once('exit', resolve));
    } finally {
      child.kill('SIGKILL');
    }
  });
});

test('an unknown shell is refused with those there are', async () => {
  expect(await ebb(['completion', 'tcsh'])).toMatchObject({
    code: 1,
    stderr: 'ebb: SHELL tcsh: there are bash, zsh, fish\n',
  });
});

test('as a plugin of kubectl', async () => {
  const { path } = (await findKubectl())!;
  const plugin = (...words: string[]) => ebb(['ebb', ...words], { program: path, environment });
  expect((await plugin('get')).stdout).toMatch(/^NAMESPACE +NAME[^\n]*\ndefault +alpha +1/);
  expect(await plugin('get', 'nobody')).toMatchObject({
    code: 1,
    stderr: 'ebb: there is no MiniCluster nobody; see: kubectl ebb get\n',
  });
  expect((await plugin('--help')).stdout).toMatch(/^Usage: kubectl ebb /);
  expect((await ebb(['plugin', 'list'], { program: path, environment })).stdout).toContain(
    join(programs, 'kubectl-ebb'),
  );
});

async function run(program: string, words: readonly string[]): Promise<string> {
  const { stdout, stderr } = await ebb(words, { program, environment });
  expect(stderr).toBe('');
  return stdout;
}

function lines(text: string): string[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => line.trim())
    .sort();
}
