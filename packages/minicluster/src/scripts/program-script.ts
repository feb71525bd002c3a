/**
 * The initial program of the instance: submits, batches or launches what the user asked for, keeps its exit status, and
 * tells the workers that the instance ends because the program has ended.
 */
import type { Registration } from '../objects/registration.ts';
import type { ResolvedContainer, ResolvedMiniCluster } from '../resolve/resolved.ts';
import { jobFlags } from './broker-options.ts';
import { commandWords, hereDocument, quote } from './shell-text.ts';

/** Text of program-INDEX.sh. */
export function programScript(
  cluster: ResolvedMiniCluster,
  container: ResolvedContainer,
  registration: Registration,
): string {
  const { logging, pod } = cluster;
  const flags = jobFlags(cluster, registration);
  const command = container.commands.script ? '/bin/bash /tmp/custom-entrypoint.sh' : commandWords(container.command);
  const prefix = container.commands.prefix.trim();
  const lines = {
    launcher: [prefix, command],
    submit: [prefix, cluster.flux.submitCommand, flags, '--quiet', '--watch', command],
    batch: [
      prefix,
      'sh',
      '-c',
      quote(`flux batch ${flags} --flags waitable ./flux-job.batch && ${waited('flux job last')}`),
    ],
    interactive: ['true'],
  }[cluster.mode];
  const line = lines.filter((part) => part !== '').join(' ');
  return `#!/bin/bash
# The program of MiniCluster ${cluster.name}, run by its lead broker.
base=\${FLUX_OPERATOR_BASE:?}
${cluster.mode === 'batch' ? `rm -f flux-job.batch\n${hereDocument('flux-job.batch', batchText(container), false)}\nchmod +x flux-job.batch\n` : ''}${
  logging.quiet ? '' : `printf '%s\\n' ${quote(`Running: ${line}`)}\n`
}status=0
${logging.timed ? 'from=${EPOCHREALTIME:-$(date +%s.%N)}\n' : ''}eval ${quote(line)} || status=$?
${
  logging.timed
    ? `to=\${EPOCHREALTIME:-$(date +%s.%N)}
awk -v from="\${from/,/.}" -v to="\${to/,/.}" 'BEGIN { t = to - from; printf "FLUXTIME fluxsubmit wall time %d:%05.2f\\n", t / 60, t % 60 }' >&2
`
    : ''
}printf '%s\\n' "\${status}" > "\${base}/config/program-status.new" && mv "\${base}/config/program-status.new" "\${base}/config/program-status"
# Workers may end with 0 from here on${pod.restartPolicy === 'Never' ? '' : ', unless the program is going to be run again'}.
${pod.restartPolicy === 'Never' ? '' : '[ "${status}" != 0 ] || '}flux exec -x 0 touch "\${base}/flux-operator-complete.txt" > /dev/null 2>&1 || true
exit "\${status}"
`;
}

/** Lines of `command` as a batch script; it fails if one of its jobs does. */
function batchText(container: ResolvedContainer): string {
  const lines = container.command.split('\n');
  if (container.batchRaw) return `#!/bin/bash\n${container.command}\n`;
  const jobs = lines.flatMap((line, index) =>
    line.trim() === ''
      ? []
      : [
          `flux submit --flags waitable --error=\${FLUX_OUTPUT_DIR}/job-${index}.err --output=\${FLUX_OUTPUT_DIR}/job-${index}.out ${line.trim()}`,
        ],
  );
  return `#!/bin/bash\n${jobs.join('\n')}\nflux queue idle\nflux jobs -a\n${waited('flux jobs -a -n -o {id}')}\n`;
}

/** Waits for all jobs; ends with the greatest status of those that `ids` prints, where `flux job wait` knows but 1. */
function waited(ids: string): string {
  return `{ flux job wait --all || flux job status $(${ids}); }`;
}
