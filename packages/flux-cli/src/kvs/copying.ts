/** Copies what is at one key to another: `flux kvs copy` and `flux kvs move`. */
import { type Flux, KvsTransaction, kvsTreeObject } from '@ebb/flux-client';
import { CommandError } from '../command-module.ts';
import { type CSyntax, parseCOptions } from '../options/c-options.ts';
import { failureOf, withBroker } from '../with-broker.ts';
import { checkedKey } from './keys.ts';
import { namespaceOf } from './options.ts';

export async function runCopying(
  words: readonly string[],
  name: 'copy' | 'move',
  description: string,
): Promise<number> {
  const syntax: CSyntax = {
    program: `flux-kvs ${name}`,
    usage: '[-S src-ns] [-D dst-ns] source destination',
    description,
    options: [
      { name: 'src-namespace', key: 'S', takes: 'value', help: "Specify source key's namespace" },
      { name: 'dst-namespace', key: 'D', takes: 'value', help: "Specify destination key's namespace" },
    ],
  };
  const options = parseCOptions(syntax, words);
  const [source, destination, ...more] = options.words;
  if (source === undefined || destination === undefined || more.length > 0) {
    throw new CommandError(`${name}: specify srckey dstkey`);
  }
  const what = `flux_kvs_${name}`;
  await withBroker(async (flux) => {
    checkedKey(source, what);
    checkedKey(destination, what);
    const [from, to] = [namespaceOf(options, 'src-namespace'), namespaceOf(options, 'dst-namespace')];
    await copy(flux, { source, from, destination, to, moves: name === 'move' }).catch((error: unknown) =>
      failureOf(what, error),
    );
  });
  return 0;
}

interface Copy {
  readonly source: string;
  readonly from: { namespace?: string };
  readonly destination: string;
  readonly to: { namespace?: string };
  readonly moves: boolean;
}

async function copy(flux: Flux, { source, from, destination, to, moves }: Copy): Promise<void> {
  const object = await kvsTreeObject(flux, source, from);
  await new KvsTransaction().putTreeObject(destination, object).commit(flux, to);
  if (moves) await new KvsTransaction().unlink(source).commit(flux, from);
}
