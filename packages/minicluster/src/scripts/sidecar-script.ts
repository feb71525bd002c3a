/** The script of a sidecar: the same environment as the broker's, its command when the socket is there. */
import type { ResolvedContainer, ResolvedMiniCluster } from '../resolve/resolved.ts';
import { scriptFile } from './broker-script.ts';
import { environmentPart, socketPart } from './environment-part.ts';
import { userCode } from './shell-text.ts';
import { supervised } from './supervised.ts';

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
${program === '' ? '' : supervised('spec.containers[].command', program)}${userCode('spec.containers[].commands.post', commands.post, false)}
exit "\${status}"
`;
}

/** What a sidecar runs that is not to be wrapped: its command, and nothing around it. */
export function bareScript({ commands, command }: ResolvedContainer): string {
  return `trap 'exit 143' TERM\nstatus=0${supervised('command', commands.script || command)}exit "\${status}"\n`;
}

/** What a service runs that has a command; the operator's scripts are not mounted in its pod. */
export function serviceScript({ commands, command }: ResolvedContainer): string {
  return `trap 'exit 143' TERM
${userCode('commands.init', commands.init, false)}${userCode('commands.servicePre', commands.servicePre, false)}
status=0
${supervised('command', commands.script || command)}${userCode('commands.post', commands.post, false)}
exit "\${status}"
`;
}
