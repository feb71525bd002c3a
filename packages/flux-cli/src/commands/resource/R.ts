/** `flux resource R`: the resource set of some states, as R. */
import { pythonJson } from '../../formats/python-json.ts';
import { parsePythonOptions } from '../../options/python-options.ts';
import { unionOf } from './list-lines.ts';
import { includeOption, queueOption, sourceOptions, statesOption, subcommandSyntax } from './options.ts';
import { listed } from './scheduler-view.ts';

const syntax = subcommandSyntax('R', {
  options: [statesOption('Emit R for resources in given states', 'all'), includeOption, queueOption, ...sourceOptions],
});

export async function run(words: readonly string[]): Promise<number> {
  const { values } = parsePythonOptions(syntax, words);
  const found = await listed(values);
  const { version, execution } = unionOf(found).toJSON();
  const { starttime, expiration } = found.view.all.toJSON().execution;
  // Of nothing, flux-core prints one list of no hosts.
  const nodelist = execution.R_lite.length === 0 ? [''] : execution.nodelist;
  const properties = execution.properties && { properties: sorted(execution.properties) };
  const printed = { ...execution, starttime, expiration, nodelist, ...properties };
  process.stdout.write(`${pythonJson({ version, execution: printed })}\n`);
  return 0;
}

function sorted<T>(object: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}
