// `flux kvs` of flux-core at a broker of flux-core and at ours: the same text, errors and root references.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Instance, startInstance } from '../instance/instance.ts';
import { type CommandResult, findRealFlux, runFlux } from './real-flux.ts';
import { type RealInstance, startRealInstance } from './real-instance.ts';

const flux = findRealFlux();
const long = 'abcdefghij'.repeat(12);
const link = '{"data":{"target":"a"},"type":"symlink","ver":1}';

/** In order, `flux kvs` before each. All in namespace `n` unless another is named, so that roots can be compared. */
const story: readonly string[] = [
  'namespace list',
  'namespace create n',
  'namespace create n',
  'namespace create -o 1234 m',
  'namespace list',
  'getroot -N n',
  'getroot -N n -b',
  'getroot -N n -o',
  'getroot -N m -o',
  'getroot -N nosuch',
  'version -N n',
  'put -N n a=1',
  'put -N n -b a=1 a=2 b.c.d=3',
  'put -N n -O b.c.e=4',
  'put -N n -s b.c.f=5 g=',
  'get -N n a',
  'get -N n a b.c.d g',
  'get -N n -l a b.c.d',
  'get -N n -t a',
  'get -N n -t b',
  'get -N n -t .',
  'get -N n b',
  'get -N n .',
  'get -N n nosuch',
  'get -N n a.b',
  'get -N n b.nosuch.c',
  'get -N nosuch a',
  `put -N n -b long=${long}`,
  'get -N n -t long',
  'get -N n long',
  'put -N n -b --append long=tail',
  'put -N n -b --append a=tail new=first',
  'get -N n -t long',
  'get -N n -t a',
  'get -N n -t new',
  'get -N n -r a',
  'put -N n --append b=x',
  'put -N n .=x',
  'put -N n ..dotted..key.=x',
  'get -N n dotted.key',
  'put -N n a.below=1',
  'get -N n -t a',
  'put -N n a=back',
  'mkdir -N n empty',
  'mkdir -N n a',
  'mkdir -N n p.q r.s',
  'getroot -N n -b',
  'link -N n a alias',
  'link -N n alias alias2',
  'link -N n b dirlink',
  'link -N n nosuch dangling',
  'link -N n -T m k other',
  'put -N m k=there',
  'get -N n other',
  'get -N n alias2',
  'get -N n dirlink.c.d',
  'get -N n dangling',
  'readlink -N n alias2 dirlink other',
  'readlink -N n a',
  'readlink -N n nosuch',
  'readlink -N n -o other',
  'readlink -N n -k other',
  'put -N n dirlink.c.through=1',
  'put -N n alias=direct',
  'put -N n --append alias2=x',
  'put -N n other.x=1',
  'link -N n loop2 loop1',
  'link -N n loop1 loop2',
  'get -N n loop1',
  'getroot -N n -b',
  'ls -N n',
  'ls -N n -1',
  'ls -N n -F',
  'ls -N n -1RF',
  'ls -N n -d b',
  'ls -N n a b.c',
  'ls -N n nosuch',
  'ls -N n dirlink',
  'dir -N n',
  'dir -N n -R',
  'dir -N n -Rd',
  'dir -N n b',
  'dir -N n b.c',
  'dir -N n a',
  'dir -N n nosuch',
  'dir -N n dirlink',
  'copy -N n a copied',
  'copy -S n -D n b copieddir',
  'copy -S n -D m b copieddir',
  'copy -S n -D n nosuch x',
  'move -S n -D n copied moved',
  'move -S n -D n copied moved',
  'dir -N m -R',
  'getroot -N m -b',
  'unlink -N n b',
  'unlink -N n -R b',
  'unlink -N n nosuch',
  'unlink -N n -f nosuch',
  'unlink -N n empty',
  'unlink -N n alias2',
  'unlink -N n -R .',
  'unlink -N n b.c.d.e',
  'put -N n --no-merge t=1',
  `put -N n --treeobj treelink=${link}`,
  'put -N n --treeobj bad={}',
  'put -N n --treeobj bad={"data":{"a":1},"type":"dir","ver":1}',
  'put -N n --treeobj d={"data":{"z":{"data":"eA==","type":"val","ver":1},"y":{"data":{},"type":"dir","ver":1}},"type":"dir","ver":1}',
  'dir -N n -R d',
  'get -N n -t d.y',
  'put -N n schlüssel=wert 10=x 9=y Z=1 _=2 a-b=3',
  'ls -N n -1',
  'getroot -N n -b',
  'version -N n',
  'wait -N n 3',
  'put -N n --sync s=1',
  'put -N n s=1',
  'put --sync s=1',
  'sync',
  'get -N n --watch --count=1 s',
  'get -N n --watch --count=1 nosuch',
  'get -N n --waitcreate s',
  'get -N n --stream long',
  'get -N n --watch --append --count=2 long',
  'get -N n --watch --append --count=1 b',
  'get -N n --stream b',
  'get -N n --watch --full --count=1 s',
  'get -N n --watch --uniq --count=1 s',
  'get -N nosuch --watch --count=1 s',
  'eventlog append -N n -t 1.5 log one',
  'eventlog append -N n -t 2.5 log two {"x":1}',
  'eventlog append -N n -t 3.5 log three note=4',
  'eventlog get -N n -u log',
  'eventlog get -N n log',
  'eventlog get -N n -u -w -c 2 log',
  'eventlog get -N n -u -S log',
  'eventlog get -N n nosuch',
  'eventlog wait-event -N n -u log two',
  'eventlog wait-event -N n -u -t 0.1 log four',
  'eventlog append -N n b broken',
  'get -N n -t log',
  'namespace remove m',
  'namespace remove m',
  'namespace remove primary',
  'namespace list',
  'namespace create -r sha1-c0a9faf907dda6216fd73bf81d0b3b21a1a8cb91 z',
  'getroot -N z',
  'namespace remove n z',
];

let theirs: RealInstance | undefined;
let ours: Instance | undefined;

describe.skipIf(flux === undefined)('flux kvs at our broker', () => {
  beforeAll(async () => {
    theirs = await startRealInstance(flux!, 1);
    ours = startInstance({ size: 1, socketRanks: [0] });
    await ours.ready();
  });

  afterAll(async () => {
    await ours?.stop();
    await theirs?.stop();
  });

  it.each(story)('flux kvs %s', async (line) => {
    const words = ['kvs', ...line.split(' ')];
    const [expected, found] = await Promise.all([
      runFlux(flux!, words, theirs!.uri),
      runFlux(flux!, words, ours!.uri(0)),
    ]);
    expect(comparable(line, found)).toEqual(comparable(line, expected));
  });
});

/** Namespaces are listed in no order. */
function comparable(line: string, { out, ...rest }: CommandResult): CommandResult {
  return { out: line === 'namespace list' ? out.split('\n').sort().join('\n') : out, ...rest };
}
