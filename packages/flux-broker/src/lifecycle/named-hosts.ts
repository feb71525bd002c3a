// Ranks as hosts, for what the log says of them.
import { type Idset, printHostlist } from '@ebb/flux-formats';

/** The hostlist of `ranks`, for example `node[1-3]`; `rank7` for one whose host is not known. */
export function namedHosts(ranks: Idset, hostnames: readonly string[]): string {
  return printHostlist([...ranks].map((rank) => hostnames[rank] ?? `rank${rank}`));
}
