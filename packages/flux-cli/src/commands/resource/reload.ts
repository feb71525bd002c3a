/** `flux resource reload PATH`: replaces the resource set by that of a file. */
import { resolve } from 'node:path';
import { connect } from '@ebb/flux-client';
import { parser } from '../../parser.ts';

export async function run(words: string[]): Promise<number> {
  const program = parser('resource reload', 'Replace the resource set by R of a file')
    .argument('<path>', 'file with R, as rank 0 sees it')
    .option('-f, --force', 'also when hosts or ranks differ');
  program.parse(words, { from: 'user' });
  const flux = await connect();
  try {
    const path = resolve(program.args[0]!);
    await flux.rpc(
      'resource.reload',
      { path, xml: false, force: program.opts<{ force?: boolean }>().force ?? false },
      { nodeid: 0 },
    );
  } finally {
    await flux.close();
  }
  return 0;
}
