/** `flux env` and `flux version`, as far as they say the same. */
import { atBothBrokers, type Line } from './both-brokers.ts';

const env = (...words: string[]): Line => ({ words: ['env', ...words] });
const version = (...words: string[]): Line => ({
  words: ['version', ...words],
  normalize: (text) => text.replaceAll(/build-options:.*/g, 'build-options'),
});

atBothBrokers('the environment', [
  env('--help'),
  env('--nosuch'),
  env('echo', '-x', 'hello'),
  env('sh', '-c', 'echo $FLUX_URI; exit 3'),
  env('nosuchcommand'),
  env('/etc/passwd'),
  { ...env('cat'), input: 'input' },
  { ...env(), normalize: (text) => (/^export FLUX_URI="local:.*"$/m.exec(text) ?? [''])[0] },
  { ...env('flux', 'getattr', 'size') },
  version(),
  version('-h'),
  version('--nosuch'),
  version('word'),
]);
