/** `flux kvs eventlog wait-event`. */
import { FluxError, kvsLookupFlag, kvsLookups, kvsValue } from '@ebb/flux-client';
import { CommandError } from '../../../command-module.ts';
import { eventLines, eventlogFormat, humanOptions, unformattedOption } from '../../../kvs/eventlogs.ts';
import { checkedKey } from '../../../kvs/keys.ts';
import { namespaceOf, namespaceOption } from '../../../kvs/options.ts';
import { type COptions, type CSyntax, parseCOptions } from '../../../options/c-options.ts';
import { durationOption } from '../../../options/c-values.ts';
import { failureOf, withBroker } from '../../../with-broker.ts';

export const syntax: CSyntax = {
  program: 'flux-kvs eventlog wait-event',
  usage: '[-N ns] [-t seconds] [-u] [-W] [-q] [-v] [-L auto|always|never] key event',
  description: 'Wait for an event',
  options: [
    namespaceOption(),
    { name: 'waitcreate', key: 'W', help: 'Wait for creation to occur on eventlog' },
    { name: 'timeout', key: 't', takes: 'value', shown: 'DURATION', help: 'timeout after DURATION' },
    unformattedOption,
    { name: 'quiet', key: 'q', help: 'Do not output matched event' },
    { name: 'verbose', key: 'v', help: 'Output all events before matched event' },
    ...humanOptions,
  ],
};

export async function run(words: readonly string[]): Promise<void> {
  const options: COptions = parseCOptions(syntax, words);
  const [key, event, ...more] = options.words;
  if (key === undefined || event === undefined || more.length > 0) options.failWithUsage();
  const format = eventlogFormat(options);
  const seconds = durationOption(options, 'timeout');
  const flags =
    kvsLookupFlag.watch | kvsLookupFlag.watchAppend | (options.has('waitcreate') ? kvsLookupFlag.waitCreate : 0);
  const how = { ...namespaceOf(options), ...(seconds === undefined ? {} : { timeoutMs: seconds * 1000 }) };
  await withBroker(async (flux) => {
    try {
      for await (const object of kvsLookups(flux, checkedKey(key, 'flux_kvs_lookup'), flags, how)) {
        for (const { line, entry } of eventLines(kvsValue(object))) {
          format.passOver(entry);
          const isIt = entry.name === event;
          if (isIt ? !options.has('quiet') : options.has('verbose')) process.stdout.write(format.print(line));
          if (isIt) return;
        }
      }
    } catch (error) {
      fail(error, key, event);
    }
    throw new CommandError(`event '${event}' never received`);
  });
}

function fail(error: unknown, key: string, event: string): never {
  if (!(error instanceof FluxError)) throw error;
  if (error.code === 'ENOENT') throw new CommandError(`eventlog path ${key} not found`);
  if (error.code === 'ETIMEDOUT') throw new CommandError(`wait-event timeout on event '${event}'`);
  if (error.code === 'ENODATA') throw new CommandError(`event '${event}' never received`);
  return failureOf('flux_kvs_lookup_get', error);
}
