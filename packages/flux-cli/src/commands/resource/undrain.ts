/** `flux resource undrain TARGETS [REASON]`. */
import { connect } from '@ebb/flux-client';
import { parser } from '../../parser.ts';

export async function run(words: string[]): Promise<number> {
  const program = parser('resource undrain', 'Let ranks or hosts be used again')
    .argument('<targets>', 'idset or hostlist')
    .argument('[reason...]')
    .option('-f, --force', 'pass over what is not drained');
  program.parse(words, { from: 'user' });
  const [targets, ...reason] = program.args;
  const flux = await connect();
  try {
    const force = program.opts<{ force?: boolean }>().force;
    await flux.rpc(
      'resource.undrain',
      { targets, ...(reason.length > 0 ? { reason: reason.join(' ') } : {}), ...(force ? { mode: 'force' } : {}) },
      { nodeid: 0 },
    );
  } finally {
    await flux.close();
  }
  return 0;
}
