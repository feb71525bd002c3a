/** The script of a sidecar: the same environment as the broker's, its command when the socket is there. */
import type { ResolvedContainer, ResolvedMiniCluster } from '../resolve/resolved.ts';
import { scriptFile } from './broker-script.ts';
import { environmentPart, socketPart } from './environment-part.ts';
import { userCode } from './shell-text.ts';

/** Text of start-INDEX.sh. */
export function sidecarScript(cluster: ResolvedMiniCluster, container: ResolvedContainer): string {
  const { logging, flux } = cluster;
  const { commands } = container;
  const program = commands.script ? '/bin/bash /tmp/custom-entrypoint.sh' : container.command;
  return `#!/bin/bash
# Runs container ${container.name} beside the broker of MiniCluster ${cluster.name}.
trap 'exit 143' TERM
${userCode('spec.containers[].commands.init', commands.init, false)}
${logging.strict ? 'set -eEu -o pipefail' : ''}
${environmentPart(cluster)}
${socketPart(cluster)}
export fluxsocket="local://\${fluxsocketpath}"
${userCode('spec.containers[].commands.servicePre', commands.servicePre, logging.quiet)}
${flux.noWaitSocket ? '' : 'while [ ! -S "${fluxsocketpath}" ]; do sleep 0.2 & wait $!; done'}
${scriptFile(commands.script)}
status=0
${program === '' ? '' : userCode('spec.containers[].command', `{ ${program.trimEnd()}\n} & child=$!`, false)}${
  program === ''
    ? ''
    : `trap 'kill -TERM "\${child}" 2> /dev/null; wait "\${child}"; exit 143' TERM
wait "\${child}" || status=$?
`
}${userCode('spec.containers[].commands.post', commands.post, false)}
exit "\${status}"
`;
}
