// The same commands of the real `flux` against a broker of flux-core and against ours must print the same.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Instance, startInstance } from '../instance/instance.ts';
import { type CommandResult, findRealFlux, runFlux } from './real-flux.ts';
import { type RealInstance, startRealInstance } from './real-instance.ts';

const flux = findRealFlux();
const size = 4;
const config = { resource: { noverify: true, config: [{ hosts: 'node[0-3]', cores: '0-3' }] } };

/** In order: later ones see what earlier ones did. `~` stands for words that may differ. */
const story: readonly (readonly string[])[] = [
  ['resource', 'list'],
  ['resource', 'list', '-s', 'all', '-o', '{state} {nnodes} {ncores} {nodelist}'],
  ['resource', 'status'],
  ['resource', 'info'],
  ['resource', 'R'],
  ['uptime'],
  ['overlay', 'status'],
  ['overlay', 'status', '--summary'],
  ['overlay', 'lookup', '0-3'],
  ['overlay', 'lookup', 'node2'],
  ['overlay', 'parentof', '3'],
  ['getattr', 'size'],
  ['getattr', 'rank'],
  ['getattr', 'hostlist'],
  ['getattr', 'instance-level'],
  ['getattr', 'broker.quorum'],
  ['getattr', 'broker.critical-ranks'],
  ['getattr', 'security.owner'],
  ['getattr', 'tbon.descendants'],
  ['getattr', 'tbon.maxlevel'],
  ['getattr', 'nosuchattribute'],
  ['setattr', 'test.one', 'two'],
  ['getattr', 'test.one'],
  ['setattr', 'nosuchattribute', 'x'],
  ['setattr', 'broker.quorum', '3'],
  ['setattr', 'log-stderr-level', '9'],
  ['setattr', 'log-stderr-level', '4'],
  ['getattr', 'log-stderr-level'],
  ['ping', '--count=1', '--interval=0', 'nosuchservice'],
  ['ping', '--count=1', '--interval=0', '77'],
  ['config', 'get', 'resource'],
  ['config', 'get', 'nosuchkey'],
  ['config', 'get', '--type=string', 'resource.noverify'],
  ['hostlist', 'instance'],
  ['hostlist', 'avail'],
  ['event', 'pub', '--synchronous', 'test.topic', '{"x":1}'],
  ['resource', 'drain', 'node3', 'scale down'],
  ['resource', 'status'],
  ['resource', 'list'],
  ['resource', 'drain', '-o', '{ranks} {state} {reason} {nodelist}'],
  ['resource', 'drain', '3', 'again'],
  ['resource', 'drain', '-f', '3', 'overwritten'],
  ['resource', 'drain', '-u', '2-3', 'updated'],
  ['resource', 'drain', '-o', '{ranks} {state} {reason} {nodelist}'],
  ['resource', 'undrain', '0'],
  ['resource', 'undrain', 'node[2-3]'],
  ['resource', 'undrain', '3'],
  ['resource', 'drain', 'nosuchhost', 'x'],
  ['resource', 'drain', '99', 'x'],
  ['resource', 'drain', 'node[0'],
  ['resource', 'status'],
  ['overlay', 'disconnect', '3'],
  ['overlay', 'status'],
  ['resource', 'list'],
  ['overlay', 'disconnect', '3'],
];

let theirs: RealInstance | undefined;
let ours: Instance | undefined;

describe.skipIf(flux === undefined)('the real flux command at our broker', () => {
  beforeAll(async () => {
    theirs = await startRealInstance(flux!, size);
    ours = startInstance({ size, config, socketRanks: [0], hostname: (rank) => `node${rank}` });
    await ours.ready();
  });

  afterAll(async () => {
    await ours?.stop();
    await theirs?.stop();
  });

  it.each(story.map((args, index) => [index, args.join(' '), args] as const))('%i: flux %s', async (_, __, args) => {
    const [expected, found] = await Promise.all([
      runFlux(flux!, args, theirs!.uri),
      runFlux(flux!, args, ours!.uri(0)),
    ]);
    expect(comparable(found)).toEqual(comparable(expected));
  });

  it('lists the attributes that flux-core lists', async () => {
    const [expected, found] = await Promise.all(
      [theirs!.uri, ours!.uri(0)].map((uri) => runFlux(flux!, ['lsattr'], uri)),
    );
    const missing = expected!.out.split('\n').filter((name) => !found!.out.split('\n').includes(name));
    // Set by the launcher or the network of an instance of processes.
    const elsewhere = ['tbon.endpoint', 'tbon.topo', 'config.path', 'broker.rc2_none', 'conf.', 'statedir-cleanup'];
    expect(missing.filter((name) => !elsewhere.some((prefix) => name.startsWith(prefix)))).toEqual([]);
  });

  it('pings every rank along its route', async () => {
    for (let rank = 0; rank < size - 1; rank++) {
      const { out, code } = await runFlux(flux!, ['ping', '--count=2', '--interval=0', String(rank)], ours!.uri(0));
      expect(code).toBe(0);
      expect(out).toMatch(
        new RegExp(
          `^flux-ping ${rank}!broker\n(${rank}!broker.ping pad=0 seq=\\d time=[\\d.]+ ms \\([0-9a-f!]+\\)\n){2}$`,
        ),
      );
    }
  });

  it('streams the log', async () => {
    const { out } = await runFlux(flux!, ['dmesg'], ours!.uri(0));
    expect(out).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z broker\.info\[0\]: builtins-success: load-builtins->join /m);
    expect(out).toMatch(/resource\.info\[0\]: drain idset=3 nodelist=node3 overwrite=0 reason=scale down/);
  });
});

/** What may differ between two runs is masked. */
function comparable({ out, err, code }: CommandResult): CommandResult {
  const mask = (text: string) =>
    text
      .replace(/^ \d\d:\d\d:\d\d run [\d.]+[a-z]+,/gm, ' TIME run DURATION,')
      .replace(/\bseq=\d+/g, 'seq=N')
      .replace(/"(starttime|expiration)": [\d.]+/g, '"$1": T');
  return { out: mask(out), err: mask(err), code };
}
