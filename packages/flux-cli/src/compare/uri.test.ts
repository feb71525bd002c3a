/** `flux uri`. */
import { it } from 'vitest';
import { atBothBrokers, type Line } from './both-brokers.ts';

const uri = (...words: string[]): Line => ({ words: ['uri', ...words], normalize: (text) => text });

const commandLines = [
  uri(),
  uri('a', 'b'),
  uri('--nosuch', 'a'),
  uri('.'),
  uri('/'),
  uri('..'),
  uri('../..'),
  uri('?local'),
  uri('?remote'),
  uri('?local&remote'),
  uri('f1'),
  uri('jobid:f1'),
  uri('x!'),
  uri('/f1/f2'),
  uri('--remote', 'local:///tmp/x'),
  uri('--local', 'local:///tmp/x'),
  uri('--local', 'ssh://host:22/tmp/x'),
  uri('--remote', 'ssh://host:22/tmp/x'),
  uri('--local', '--remote', 'ssh://user@host/tmp/x'),
  uri('--wait', 'local:///tmp/x'),
  uri('nosuch:x'),
  uri('pid:999999999'),
  uri('pid:x'),
  uri('pid:1?wait'),
  uri(`pid:${process.pid}`),
];

atBothBrokers('where instances are', commandLines, ({ run, same }) => {
  it('finds the instance of a job', async () => {
    const start = ['batch', '-n1', '--wrap', 'sleep', 'inf'];
    const id = (await run('ours', { words: start })).stdout.trim();
    await same(uri('--wait', id));
    await same(uri(id));
    await same(uri('--local', id));
    await same(uri('--remote', id));
    await same(uri(`jobid:${id}?local`));
    await same(uri(`/${id}`));
    await same(uri(`${id}/..?local`));
    await same(uri(`${id}/f1?local`));
    const plain = (await run('ours', { words: ['submit', 'sleep', 'inf'] })).stdout.trim();
    await run('ours', { words: ['job', 'wait-event', plain, 'start'] });
    await same(uri(plain));
    await run('ours', { words: ['cancel', '--all'] });
    await run('ours', { words: ['job', 'wait-event', plain, 'clean'] });
    await same(uri(plain));
    await same(uri('--wait', plain));
  }, 90_000);
});
