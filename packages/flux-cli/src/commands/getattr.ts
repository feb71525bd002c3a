/** `flux getattr NAME`: the value of a broker attribute. */
import { type COptions, type CSyntax, parseCOptions } from '../options/c-options.ts';
import { failureOf, withBroker } from '../with-broker.ts';

const syntax: CSyntax = {
  program: 'flux getattr',
  usage: 'name',
  description: 'Get broker attribute',
  options: [],
};

export async function run(words: string[]): Promise<number> {
  const options: COptions = parseCOptions(syntax, words);
  await withBroker(async (flux) => {
    const [name, ...more] = options.words;
    if (name === undefined || more.length > 0) options.failWithUsage();
    const value = await flux.attr(name).catch((error: unknown) => failureOf(name, error));
    process.stdout.write(`${value}\n`);
  });
  return 0;
}
