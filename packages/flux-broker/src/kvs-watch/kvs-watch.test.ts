import { connect, type Flux, KvsTransaction, Role } from '@ebb/flux-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Instance, startInstance } from '../instance/instance.ts';
import { LookupFlag } from '../kvs/lookup.ts';
import { modules } from '../modules.ts';

const needed = ['content', 'kvs', 'kvs-watch'];
const { watch, waitCreate, watchFull, watchUnique, watchAppend, stream, initialSentinel, readDirectory } = LookupFlag;
const guest = 7777;
const emptyRoot = 'sha1-c0a9faf907dda6216fd73bf81d0b3b21a1a8cb91';
let instance: Instance;
let flux: Flux;

beforeAll(async () => {
  const narrow = modules.filter(({ name }) => needed.includes(name));
  instance = startInstance({ size: 2, modules: narrow, socketRanks: [0, 1] });
  await instance.ready();
  flux = instance.flux(1);
});
afterAll(() => instance.stop());

type Answer = { val?: { type: string; data: string } } | undefined;

/** Each answer as text: the value, the names of a directory, or what stands for the sentinel and the end. */
async function* follow(key: string, flags: number, namespace = 'primary', handle = flux): AsyncGenerator<string> {
  try {
    for await (const answer of handle.stream<Answer>('kvs-watch.lookup', { namespace, key, flags })) {
      if (!answer?.val) yield '(sentinel)';
      else if (answer.val.type === 'val') yield Buffer.from(answer.val.data, 'base64').toString();
      else yield Object.keys(answer.val.data).sort().join(' ');
    }
    yield '(end)';
  } catch (error) {
    yield (error as { code: string }).code;
  }
}

const next = async (answers: AsyncGenerator<string>) => (await answers.next()).value as string;
const put = (key: string, value: string, namespace?: string) =>
  new KvsTransaction().put(key, value).commit(flux, { namespace });
const append = (key: string, value: string, namespace?: string) =>
  new KvsTransaction().append(key, value).commit(flux, { namespace });
const make = (namespace: string, owner: number) =>
  flux.rpc('kvs.namespace-create', { namespace, owner, rootref: emptyRoot, flags: 0 });
const count = async () => (await flux.rpc<{ watchers: number }>('kvs-watch.stats-get')).watchers;

describe('the module kvs-watch', () => {
  it('answers every commit that names the key, and ends when it goes', async () => {
    await put('plain', '1');
    const answers = follow('plain', watch);
    expect(await next(answers)).toBe('1');
    await put('unrelated', 'x');
    await put('plain', '1');
    expect(await next(answers)).toBe('1');
    await new KvsTransaction().unlink('plain').commit(flux);
    expect(await next(answers)).toBe('ENOENT');
    expect(await count()).toBe(0);
  });

  it('answers only what differs', async () => {
    await put('u.x', '1');
    const unique = follow('u.x', watch | watchUnique);
    const full = follow('u', watch | watchFull | readDirectory);
    expect([await next(unique), await next(full)]).toEqual(['1', 'x']);
    await put('u.x', '1');
    await put('u.x', '2');
    await put('u.y', '2');
    expect(await next(unique)).toBe('2');
    expect(await next(full)).toBe('x');
    expect(await next(full)).toBe('x y');
    await Promise.all([unique.return(undefined), full.return(undefined)]);
  });

  it('sends what is appended piece by piece, from before the key was there', async () => {
    const answers = follow('log', watch | watchAppend | waitCreate | initialSentinel);
    expect(await next(answers)).toBe('(sentinel)');
    await append('log', 'a');
    await new KvsTransaction().append('log', 'b').append('log', 'c').commit(flux);
    expect([await next(answers), await next(answers), await next(answers)]).toEqual(['a', 'b', 'c']);
    const late = follow('log', watch | watchAppend | initialSentinel);
    const seen = [await next(late), await next(late), await next(late), await next(late)];
    expect(seen).toEqual(['a', 'b', 'c', '(sentinel)']);
    const streamed: string[] = [];
    for await (const piece of follow('log', stream)) streamed.push(piece);
    expect(streamed).toEqual(['a', 'b', 'c', '(end)']);
    await put('log', 'over');
    expect([await next(answers), await next(late)]).toEqual(['EINVAL', 'EINVAL']);
  });

  it('follows no piece where none can be appended', async () => {
    await put('turned', 'a');
    const answers = follow('turned', watch | watchAppend);
    expect(await next(answers)).toBe('a');
    await new KvsTransaction().makeDirectory('turned').commit(flux);
    expect(await next(answers)).toBe('EINVAL');
    expect(await next(follow('turned', watch | watchAppend))).toBe('EISDIR');
    expect(await next(follow('turned', stream))).toBe('EISDIR');
  });

  it('waits for a key, and for its namespace', async () => {
    const once = flux.rpc<Answer>('kvs-watch.lookup', { namespace: 'later', key: 'k', flags: waitCreate });
    const answers = follow('k', watch | waitCreate, 'later');
    const both = next(answers);
    await make('later', guest);
    await put('k', 'here', 'later');
    expect(await both).toBe('here');
    expect((await once)?.val?.data).toBe(Buffer.from('here').toString('base64'));
    await flux.rpc('kvs.namespace-remove', { namespace: 'later' });
    expect(await next(answers)).toBe('EOPNOTSUPP');
    expect(await next(follow('k', watch, 'later'))).toBe('EOPNOTSUPP');
    expect(await count()).toBe(0);
  });

  it('ends with its reader', async () => {
    await put('left', '1');
    const answers = follow('left', watch);
    await next(answers);
    await answers.return(undefined);
    await expect.poll(count).toBe(0);
    for (const rank of [0, 1]) {
      const client = await connect(instance.uri(rank));
      await next(follow('left', watch, 'primary', client));
      expect(await count()).toBe(1);
      await client.close();
      await expect.poll(count).toBe(0);
    }
  });

  it('shows guests what is theirs alone', async () => {
    const client = await connect(instance.uri(0), {
      environment: { FLUX_HANDLE_USERID: String(guest), FLUX_HANDLE_ROLEMASK: String(Role.User) },
    });
    await make('theirs', guest);
    await make('others', guest + 1);
    await new KvsTransaction().put('k', 'mine').commit(client, { namespace: 'theirs' });
    await new KvsTransaction().link('door', 'k', 'others').commit(flux, { namespace: 'theirs' });
    expect(await next(follow('k', watch, 'theirs', client))).toBe('mine');
    for (const [key, namespace] of [
      ['k', 'others'],
      ['k', 'primary'],
      ['door', 'theirs'],
    ] as const) {
      expect(await next(follow(key, watch | waitCreate, namespace, client))).toBe('EPERM');
    }
    const link = new KvsTransaction().link('x', 'y').commit(client, { namespace: 'theirs' });
    await expect(link).rejects.toThrow('guests may not commit symlink objects');
    await client.close();
  });

  it.each([
    [watch | stream, 'EINVAL'],
    [watchAppend, 'EINVAL'],
    [watch | initialSentinel, 'EINVAL'],
  ])('refuses flags %i', async (flags, code) => {
    expect(await next(follow('k', flags))).toBe(code);
  });
});
