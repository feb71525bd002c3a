/** `flux version`. */
import { type CSyntax, parseCOptions } from '../options/c-options.ts';
import { fluxVersion } from '../version.ts';
import { withBroker } from '../with-broker.ts';

const syntax: CSyntax = {
  program: 'flux version',
  usage: '[OPTIONS]...',
  description: 'Display flux version information',
  options: [],
};

export async function run(words: string[]): Promise<number> {
  parseCOptions(syntax, words);
  const uri = process.env['FLUX_URI'];
  let text = `commands:    \t\t${fluxVersion}\nlibflux-core:\t\t${fluxVersion}\n`;
  if (uri) {
    const version = await withBroker((flux) => flux.attr('version'));
    text += `broker:  \t\t${version}\nFLUX_URI:\t\t${uri}\n`;
  }
  process.stdout.write(`${text}build-options:\t\t+node==${process.versions.node}+ebb\n`);
  return 0;
}
