/** `flux lsattr`: the names of all broker attributes, and their values where asked. */
import { FluxError } from '@ebb/flux-client';
import { type CSyntax, parseCOptions } from '../options/c-options.ts';
import { failureOf, withBroker } from '../with-broker.ts';

const syntax: CSyntax = {
  program: 'flux lsattr',
  usage: '[-v]',
  description: 'List broker attributes',
  options: [{ name: 'values', key: 'v', help: 'List values with attributes' }],
};

export async function run(words: string[]): Promise<number> {
  const options = parseCOptions(syntax, words);
  await withBroker(async (flux) => {
    if (options.words.length > 0) options.failWithUsage();
    const { names } = await flux
      .rpc<{ names: string[] }>('attr.list')
      .catch((error: unknown) => failureOf('attr.list', error));
    names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    const lines = options.has('values')
      ? await Promise.all(names.map(async (name) => `${name.padEnd(40)}${await attributeValue(name)}`))
      : names;
    process.stdout.write(lines.map((line) => `${line}\n`).join(''));

    async function attributeValue(name: string): Promise<string> {
      // An attribute may exist without a value.
      return flux.attr(name).catch((error: unknown) => {
        if (error instanceof FluxError) return '-';
        throw error;
      });
    }
  });
  return 0;
}
