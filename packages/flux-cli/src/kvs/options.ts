/** Options that subcommands of `flux kvs` share, and what they mean. */
import type { Flux, KvsRoot, KvsTransaction } from '@ebb/flux-client';
import { canonicalTreeText } from '@ebb/flux-formats';
import type { COption, COptions } from '../options/c-options.ts';
import { failureOf } from '../with-broker.ts';

export function namespaceOption(help = 'Specify KVS namespace to use.'): COption {
  return { name: 'namespace', key: 'N', takes: 'value', help };
}

/** The namespace an option names; without it that of the environment, as within a job; without that the primary one. */
export function namespaceOf(options: COptions, name = 'namespace'): { namespace?: string } {
  const namespace = options.text(name) ?? process.env['FLUX_KVS_NAMESPACE'];
  return namespace === undefined ? {} : { namespace };
}

/** How the root after a commit is shown; `containing`: what it holds. */
export function rootOptions(containing: string): COption[] {
  return [
    { name: 'treeobj-root', key: 'O', help: `Output resulting RFC11 root containing ${containing}` },
    { name: 'blobref', key: 'b', help: `Output blobref of root containing ${containing}` },
    { name: 'sequence', key: 's', help: `Output root sequence of root containing ${containing}` },
  ];
}

/** Commits, and prints of the root what the options ask for. */
export async function commit(
  flux: Flux,
  transaction: KvsTransaction,
  options: COptions,
  { what = 'flux_kvs_commit', ...how }: { what?: string; namespace?: string; sync?: boolean; noMerge?: boolean },
): Promise<void> {
  const root = await transaction.commit(flux, how).catch((error: unknown) => failureOf(what, error));
  const text = rootText(root, options);
  if (text !== undefined) process.stdout.write(`${text}\n`);
}

function rootText(root: KvsRoot, options: COptions): string | undefined {
  if (options.has('treeobj-root')) return rootObjectText(root);
  if (options.has('blobref')) return root.rootref;
  return options.has('sequence') ? String(root.rootseq) : undefined;
}

/** The root as an object of RFC 11. */
export function rootObjectText({ rootref }: KvsRoot): string {
  return canonicalTreeText({ ver: 1, type: 'dirref', data: [rootref] });
}
