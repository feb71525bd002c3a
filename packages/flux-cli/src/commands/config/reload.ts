/** `flux config reload`: reads the configuration again from where the broker had it. */
import { type CSyntax, parseCOptions } from '../../options/c-options.ts';
import { failureWithText, withBroker } from '../../with-broker.ts';

const syntax: CSyntax = {
  program: 'flux config reload',
  usage: '[OPTIONS]',
  description: 'Reload broker configuration from files',
  options: [{ name: 'follower-noop', help: 'Do nothing if run on a non-leader broker (for systemd use)' }],
};

export async function run(words: readonly string[]): Promise<number> {
  const options = parseCOptions(syntax, words);
  if (options.words.length > 0) options.failWithUsage();
  await withBroker(async (flux) => {
    if (options.has('follower-noop') && (await flux.attr('rank')) !== '0') return;
    await flux.rpc('config.reload').catch((error: unknown) => failureWithText('reload', error));
  });
  return 0;
}
