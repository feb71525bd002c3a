/** `flux version`. */
import { connect } from '@ebb/flux-client';
import { parser } from '../parser.ts';
import { fluxVersion } from '../version.ts';

export async function run(words: string[]): Promise<number> {
  parser('version', 'Print versions').parse(words, { from: 'user' });
  const uri = process.env['FLUX_URI'];
  let text = `commands:    \t\t${fluxVersion}\nlibflux-core:\t\t${fluxVersion}\n`;
  if (uri) {
    const flux = await connect(uri);
    text += `broker:  \t\t${await flux.attr('version')}\nFLUX_URI:\t\t${uri}\n`;
    await flux.close();
  }
  process.stdout.write(`${text}build-options:\t\t+node==${process.versions.node}+ebb\n`);
  return 0;
}
