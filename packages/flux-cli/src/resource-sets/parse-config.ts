/** `flux R parse-config`: the resource set that a broker with that configuration would have. */
import type { ResourceSet } from '@ebb/flux-formats';
import { CommandError } from '../command-module.ts';
import { readConfigAt } from '../config/read-config.ts';

interface ResourceTable {
  readonly config?: unknown;
  readonly path?: string;
}

/** @throws CommandError naming the file, or what is missing in it */
export async function configuredSet(path: string | undefined): Promise<ResourceSet> {
  if (path === undefined) throw new CommandError('flux_conf_parse: Invalid argument');
  const table = (await readConfigAt(path, 'flux_conf_parse: '))['resource'] as ResourceTable | undefined;
  if (table === undefined) throw new CommandError('Config file error: Object item not found: resource');
  const { readR, resourcesFromTable } = await import('@ebb/flux-broker');
  const read = () => {
    if (table.config !== undefined) return resourcesFromTable(table.config);
    if (table.path !== undefined) return readR(table.path);
    throw new Error('resource.config or resource.path must be defined');
  };
  try {
    return read();
  } catch (error) {
    throw new CommandError(`Config file error: ${(error as Error).message}`);
  }
}
