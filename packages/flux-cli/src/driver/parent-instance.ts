/** `flux --parent` and `--root`: the command runs as if it were called in an instance further up. */
import { withBroker } from '../with-broker.ts';

/** Goes up by as many instances; from the root there is no way up, and nothing changes. */
export async function enterParent(levels: number): Promise<void> {
  for (let level = 0; level < levels; level++) {
    await withBroker(async (flux) => {
      const uri = await flux.attr('parent-uri').catch(() => undefined);
      if (uri === undefined) return;
      const namespace = await flux.attr('parent-kvs-namespace').catch(() => undefined);
      process.env['FLUX_URI'] = uri;
      if (namespace === undefined) delete process.env['FLUX_KVS_NAMESPACE'];
      else process.env['FLUX_KVS_NAMESPACE'] = namespace;
    });
  }
}

export async function enterRoot(): Promise<void> {
  await enterParent(await withBroker(async (flux) => Number(await flux.attr('instance-level'))));
}
