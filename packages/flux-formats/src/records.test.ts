/** The smaller formats: eventlogs, I/O, signed requests, taskmaps, blobrefs, tree objects, errors. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blobDigest, blobrefOf, parseBlobref, printBlobref } from './blobref.ts';
import { errnoName, errnoNumber, strerror } from './errno.ts';
import { parseEventlog, printEvent } from './eventlog.ts';
import { FormatError } from './format-error.ts';
import { decodeIo, encodeIo } from './io-object.ts';
import { unwrapSigned, wrapSigned } from './signed-jobspec.ts';
import { Taskmap } from './taskmap.ts';
import { canonicalTreeText, directoryObject, parseTreeObject, symlinkObject, valueObject } from './treeobj.ts';

describe('eventlogs', () => {
  it('are what they print', () => {
    const events = [
      { timestamp: 1795453254.206239, name: 'submit', context: { id: 26924764367270072n, flags: 0 } },
      { timestamp: 2, name: 'clean' },
    ];
    const text = events.map(printEvent).join('');
    expect(text.split('\n')[1]).toBe('{"timestamp":2,"name":"clean"}');
    expect(parseEventlog(text)).toEqual(events);
    expect(parseEventlog('')).toEqual([]);
  });

  it.each([
    ['{"timestamp":1,"name":"a"}', 'the last line does not end'],
    ['{"timestamp":1,"name":"a"}\nx\n', 'is not JSON'],
    ['{"timestamp":"1","name":"a"}\n', 'timestamp must be a number'],
    ['{"timestamp":1,"name":""}\n', 'name must be a word'],
    ['{"timestamp":1,"name":"a","context":[]}\n', 'context must be an object'],
    ['null\n', 'timestamp must be a number'],
  ])('%j is none', (text, problem) => {
    expect(() => parseEventlog(text)).toThrow(expect.objectContaining({ problem }));
  });
});

describe('I/O', () => {
  it('brings any bytes across', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), fc.boolean(), (bytes, eof) => {
        const object = JSON.parse(JSON.stringify(encodeIo('stdout', 3, bytes, eof)));
        expect(decodeIo(object)).toEqual({ stream: 'stdout', rank: '3', data: Buffer.from(bytes), eof });
      }),
    );
    expect(encodeIo('stdout', 0, Buffer.from('ƒ'))).toEqual({ stream: 'stdout', rank: '0', data: 'ƒ' });
    expect(encodeIo('stdout', 0, Buffer.from([0xff]))).toMatchObject({ encoding: 'base64' });
    expect(encodeIo('stdin', 'all', undefined, true)).toEqual({ stream: 'stdin', rank: 'all', eof: true });
    expect(decodeIo({ stream: 's', rank: '0-3', data: 'ab', repeat: 3 }).data.toString()).toBe('ababab');
  });

  it.each([
    null,
    {},
    { stream: 's' },
    { stream: 's', rank: '0' },
    { stream: 's', rank: '0', data: 1 },
    { stream: 's', rank: '0', data: 'x', repeat: 2 ** 40 },
    { stream: 's', rank: '0', data: 'x', encoding: 'y' },
  ])('%j is none', (value) => {
    expect(() => decodeIo(value)).toThrow(FormatError);
  });
});

describe('signed requests', () => {
  const header = (text: string) => `${Buffer.from(text).toString('base64')}.Zm9v.none`;
  it('are those of flux-core', () => {
    expect(wrapSigned('foo', 1000)).toBe('dmVyc2lvbgBpMQB1c2VyaWQAaTEwMDAAbWVjaGFuaXNtAHNub25lAA==.Zm9v.none');
    expect(unwrapSigned(wrapSigned('{"ƒ":1}', 0))).toEqual({ jobspecText: '{"ƒ":1}', userid: 0 });
    expect(unwrapSigned(header('mechanism\0snone\0version\0i1\0userid\0i7\0')).userid).toBe(7);
  });

  it.each([
    '',
    'none',
    'Zm9v.none',
    `${wrapSigned('a', 1)}.x`,
    wrapSigned('a', 1).replace(/none$/, 'wrong'),
    wrapSigned('a', 1).replace('.', '%.'),
    wrapSigned('abc', 1).replace(/\.(.)/, '.%'),
    header('version\0i2\0userid\0i1\0mechanism\0snone\0'),
    header('version\0s1\0userid\0i1\0mechanism\0snone\0'),
    header('userid\0i1\0mechanism\0snone\0'),
    header('foo\0i0\0version\0i1\0userid\0i1\0mechanism\0snone\0'),
    header('version\0i1\0userid\0i-1\0mechanism\0snone\0'),
    header('version\0i1\0userid\0s42\0mechanism\0snone\0'),
    header('version\0i1\0userid\0i1\0mechanism\0smunge\0'),
    header('version\0i1\0userid\0i1\0'),
    header('\0version\0i1\0userid\0i1\0mechanism\0snone\0'),
    header('version\0i1\0userid\0i1\0userid\0i2\0mechanism\0snone\0'),
    header('version\0i1\0userid\0i4294967296\0mechanism\0snone\0'),
  ])('%j is none', (text) => {
    expect(() => unwrapSigned(text)).toThrow(FormatError);
  });
});

describe('taskmaps', () => {
  it.each([
    ['[]', ''],
    ['[[0,1,2,1]]', '0-1'],
    ['[[0,2,2,1]]', '0-1;2-3'],
    ['[[0,2,1,2]]', '0,2;1,3'],
    ['[[1,1,1,1],[0,1,1,1]]', '1;0'],
    ['[[0,4,2,2]]', '0-1,8-9;2-3,10-11;4-5,12-13;6-7,14-15'],
    ['[[0,4,2,1],[4,2,4,1]]', '0-1;2-3;4-5;6-7;8-11;12-15'],
    ['[[0,6,1,2],[4,2,1,2]]', '0,6;1,7;2,8;3,9;4,10,12,14;5,11,13,15'],
    ['[[0,5,2,1],[6,1,2,1],[5,1,2,1],[7,1,2,1]]', '0-1;2-3;4-5;6-7;8-9;12-13;10-11;14-15'],
  ])('%s is %s', (text, raw) => {
    const map = Taskmap.parse(text);
    expect(map.toRawString()).toBe(raw);
    const nodes = Array.from({ length: map.taskCount }, (_, task) => map.nodeOf(task)!);
    expect(Taskmap.ofNodes(nodes).toString()).toBe(text);
    nodes.forEach((node, task) => {
      expect(map.tasksOf(node).has(task)).toBe(true);
    });
    expect(map.nodeOf(map.taskCount)).toBeUndefined();
  });

  it('print for PMI', () => {
    expect(Taskmap.parse('[[0,4,1,2],[4,2,4,1]]').toPmiString()).toBe('(vector,(0,4,1),(0,4,1),(4,2,4))');
    expect(Taskmap.ofCounts([4, 4, 0, 2]).toString()).toBe('[[0,2,4,1],[3,1,2,1]]');
    expect(Taskmap.parse({ version: 1, map: [[0, 1, 1, 1]] }).taskCount).toBe(1);
  });

  it.each([
    '}',
    '{}',
    '{"version":2,"map":[]}',
    '[[]]',
    '[["1","1","1","1"]]',
    '[[-1,1,1,1]]',
    '[[0,1,1,1],1]',
    '[[0,1,0,1]]',
    '[[0,99999,99999,1]]',
  ])('%s is none', (text) => {
    expect(() => Taskmap.parse(text)).toThrow(FormatError);
  });
});

describe('the KVS', () => {
  it('hashes as flux-core does', () => {
    expect(blobrefOf(canonicalTreeText(directoryObject()))).toBe('sha1-c0a9faf907dda6216fd73bf81d0b3b21a1a8cb91');
    const object = directoryObject({
      '10': valueObject('a'),
      '9': valueObject(''),
      b: symlinkObject('x', 'ns'),
      a: valueObject('c'),
    });
    expect(Object.keys(JSON.parse(canonicalTreeText(object)))).toEqual(['data', 'type', 'ver']);
    expect(canonicalTreeText(object)).toMatch(/^\{"data":\{"10":.*"9":.*"a":.*"b":/);
    expect(parseTreeObject(JSON.parse(canonicalTreeText(object)))).toEqual(object);
  });

  it('has references', () => {
    const { hash, digest } = parseBlobref(blobrefOf('x', 'sha256'));
    expect([hash, digest.length, digest.equals(blobDigest('x', 'sha256'))]).toEqual(['sha256', 32, true]);
    expect(printBlobref(digest, hash)).toBe(blobrefOf('x', 'sha256'));
    for (const text of ['', 'sha1-', 'sha1-00', `md5-${'0'.repeat(40)}`, `sha1-${'G'.repeat(40)}`]) {
      expect(() => parseBlobref(text)).toThrow(FormatError);
    }
    expect(() => printBlobref(digest, 'sha1')).toThrow(FormatError);
  });

  it.each<[unknown, string]>([
    [null, 'treeobj'],
    [{ ver: 2, type: 'val', data: '' }, 'treeobj.ver'],
    [{ ver: 1, type: 'x', data: '' }, 'treeobj.type'],
    [{ ver: 1, type: 'val', data: 5 }, 'treeobj.data'],
    [{ ver: 1, type: 'val', data: '', more: 1 }, 'treeobj.more'],
    [{ ver: 1, type: 'valref', data: [] }, 'treeobj.data'],
    [{ ver: 1, type: 'dir', data: { a: { ver: 1, type: 'symlink', data: {} } } }, 'treeobj.data.a.data.target'],
  ])('%j is no object', (value, path) => {
    expect(() => parseTreeObject(value)).toThrow(expect.objectContaining({ path }));
  });
});

describe('errors', () => {
  it('have numbers, names and words', () => {
    expect([errnoNumber('ENOENT'), errnoName(2), strerror(2)]).toEqual([2, 'ENOENT', 'No such file or directory']);
    expect([errnoNumber('ENOSYS'), errnoNumber('ENODATA'), errnoNumber('ENOTSUP')]).toEqual([38, 61, 95]);
    expect([strerror(113), strerror(125), strerror(0)]).toEqual(['No route to host', 'Operation canceled', 'Success']);
    expect([errnoName(9999), strerror(9999)]).toEqual(['errno 9999', 'Unknown error 9999']);
    expect(() => errnoNumber('EFOO')).toThrow(RangeError);
  });
});
