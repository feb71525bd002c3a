/** `flux setattr NAME VALUE`: changes a broker attribute. */
import { type COptions, type CSyntax, parseCOptions } from '../options/c-options.ts';
import { failureWithText, withBroker } from '../with-broker.ts';

const syntax: CSyntax = {
  program: 'flux setattr',
  usage: 'name value',
  description: 'Set broker attribute',
  options: [{ name: 'force', key: 'f', help: "force update of attribute that doesn't support runtime changes" }],
};

export async function run(words: string[]): Promise<number> {
  const options: COptions = parseCOptions(syntax, words);
  await withBroker(async (flux) => {
    const [name, value, ...more] = options.words;
    if (name === undefined || value === undefined || more.length > 0) options.failWithUsage();
    const request = { name, value, ...(options.has('force') ? { force: true } : {}) };
    await flux.rpc('attr.set', request).catch((error: unknown) => failureWithText(name, error));
  });
  return 0;
}
