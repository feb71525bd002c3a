/**
 * Changing which registered ranks the scheduler does not see. The resource module and the scheduler read that when they
 * start, so they are loaded anew; jobs run on. What was loaded stands in the instance's configuration meanwhile: whoever
 * finds modules missing, because an operator died in between, loads the same ones.
 */
import { brokerState, type Flux, FluxError } from '@ebb/flux-client';
import { toLeader } from './questions.ts';

/** The table of the configuration in which the operator leaves word; Flux itself has none of that name. */
const ownTable = 'ebb';
/** In these states the broker has loaded its modules; one that is missing does not come by itself. */
const statesAfterLoading = new Set(['quorum', 'run']);

interface Module {
  name: string;
  path?: string;
  services?: string[];
}

type Config = Record<string, Record<string, unknown> | undefined>;

/** @param excluded ranks to hide, as an idset; empty for none. @throws FluxError when Flux cannot be asked, or says no */
export async function hideRanks(flux: Flux, excluded: string): Promise<void> {
  const config = await flux.rpc<Config>('config.get', undefined, toLeader);
  const { exclude: _old, ...resource } = config['resource'] ?? {};
  const present = (await modulesOf(flux)).filter(isScheduler).sort(byLoadOrder);
  const schedulers = present.length > 0 ? present.map(pathOf) : rememberedIn(config);
  await flux.rpc(
    'config.load',
    { ...config, resource: excluded ? { ...resource, exclude: excluded } : resource, [ownTable]: { schedulers } },
    toLeader,
  );
  // The scheduler holds the resources, so it goes first and comes last.
  for (const each of present.toReversed()) await flux.rpc('module.remove', { name: each.name }, toLeader);
  await flux.rpc('module.remove', { name: 'resource' }, toLeader);
  await loadModule(flux, 'resource');
  for (const path of schedulers) await loadModule(flux, path);
}

/**
 * Loads what an operator that died while it loaded modules anew left unloaded. A broker that starts loads them itself,
 * and gives up when one is there before its turn. @throws FluxError when Flux cannot be asked
 */
export async function repairModules(flux: Flux): Promise<void> {
  if (!statesAfterLoading.has((await brokerState(flux, toLeader)).state)) return;
  const modules = await modulesOf(flux);
  if (!modules.some((each) => each.name === 'resource')) await loadModule(flux, 'resource');
  const wanted = rememberedIn(await flux.rpc<Config>('config.get', undefined, toLeader));
  const isThere = (path: string) => modules.some((each) => each.name === path || each.path === path);
  if (wanted.length === 0 && !modules.some(isScheduler)) wanted.push('sched-simple');
  for (const path of wanted) if (!isThere(path)) await loadModule(flux, path);
}

/** What to load as schedulers, in that order. */
function rememberedIn(config: Config): string[] {
  const { schedulers } = config[ownTable] ?? {};
  return Array.isArray(schedulers) ? schedulers.map(String) : [];
}

async function modulesOf(flux: Flux): Promise<Module[]> {
  return (await flux.rpc<{ mods: Module[] }>('module.list', undefined, toLeader)).mods;
}

function isScheduler(module: Module): boolean {
  return module.name.startsWith('sched') || (module.services?.includes('sched') ?? false);
}

/** Of Fluxion's modules the one that knows the resources comes first, the one that asks it last. */
function byLoadOrder(a: Module, b: Module): number {
  const place = ({ name }: Module) => ['sched-fluxion-resource', '', 'sched-fluxion-qmanager'].indexOf(name);
  const [first, second] = [a, b].map((each) => (place(each) < 0 ? 1 : place(each))) as [number, number];
  return first - second;
}

function pathOf({ name, path }: Module): string {
  return path ?? name;
}

/** Another operator may have loaded it a moment ago. */
async function loadModule(flux: Flux, path: string): Promise<void> {
  try {
    await flux.rpc('module.load', { path, args: [] }, toLeader);
  } catch (error) {
    if (!(error instanceof FluxError) || error.code !== 'EEXIST') throw error;
  }
}
