// Whether two pods can have the ports of one node that they ask for. Pure.

import type { Pod } from '../node-agent/pod-types.ts';

const everywhere = '0.0.0.0';

function hostPortsOf({ spec }: Pod): { ip: string; port: number; protocol: string }[] {
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  return [...sidecars, ...spec.containers].flatMap(({ ports = [] }) =>
    ports.flatMap(({ hostIP, hostPort, protocol = 'TCP' }) =>
      hostPort ? [{ ip: hostIP || everywhere, port: hostPort, protocol }] : [],
    ),
  );
}

/** The same port and protocol, at the same address or at all. */
export function hostPortsClash(pod: Pod, other: Pod): boolean {
  const theirs = hostPortsOf(other);
  return hostPortsOf(pod).some(({ ip, port, protocol }) =>
    theirs.some(
      (each) =>
        each.port === port &&
        each.protocol === protocol &&
        (each.ip === ip || each.ip === everywhere || ip === everywhere),
    ),
  );
}
