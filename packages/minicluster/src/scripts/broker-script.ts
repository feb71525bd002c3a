/**
 * The script of the container that runs the broker. Its promises:
 * the pod's exit status is that of the user's program; a signal reaches the broker; a worker ends with 0 only when the
 * instance has ended, because an index of an Indexed Job that ended with 0 is never started again.
 */
import type { Registration } from '../objects/registration.ts';
import type { ResolvedContainer, ResolvedMiniCluster } from '../resolve/resolved.ts';
import { brokerOptions, resourceFlags } from './broker-options.ts';
import { connectionFiles, environmentPart, socketPart } from './environment-part.ts';
import { hereDocument, quote, userCode } from './shell-text.ts';

/** Exit status of a pod whose set-up failed before the broker or the program ran; the Job tries such a pod again. */
export const setUpFailed = 111;
/** Exit status of a pod that was told to stop. */
export const stopped = 143;

/** Text of wait-INDEX.sh. */
export function brokerScript(
  cluster: ResolvedMiniCluster,
  container: ResolvedContainer,
  registration: Registration,
): string {
  const { logging, flux } = cluster;
  const { commands } = container;
  const leads = flux.bursting.leadBroker === undefined;
  return `#!/bin/bash
# Runs the Flux broker of one pod of MiniCluster ${cluster.name}.
${logging.strict ? 'set -eEu -o pipefail' : ''}
stage=setup
child=
terminated=
trap 'terminated=1; [ "\${stage}" != setup ] || exit ${stopped}; [ -z "\${child}" ] || kill -TERM "\${child}" 2> /dev/null || true' TERM INT HUP
# Said in the log, and where the operator hears it.
set_up_fails() {
  printf '%s\\n' "$1" >&2
  printf '%s\\n' "$1" 2> /dev/null > /dev/termination-log || true
  exit ${setUpFailed}
}
trap 'status=$?; case "\${stage}/\${status}" in run/*|setup/0|setup/${stopped}|setup/${setUpFailed}) ;; *) set_up_fails "The set-up failed with status \${status}" ;; esac' EXIT
fluxuser=$(whoami 2> /dev/null || id -u)
fluxuid=$(id -u)
${userCode('spec.containers[].commands.init', commands.init, false)}
${environmentPart(cluster)}
say "Hello user \${fluxuser}, this is \${HOSTNAME}; the lead broker is \${mainHost}"
${scriptFile(commands.script)}
${certificatePart()}
# What each node has; only the lead broker's word counts, and each broker checks its own node by it.
cfg="\${configroot}/etc/flux/config"
hosts=$(cat "\${configroot}/etc/flux/system/hostlist")
mkdir -p "\${configroot}/etc/flux/system/cron.d" "\${configroot}/run/flux" || set_up_fails "\${configroot} cannot be written"
command -v flux > /dev/null || set_up_fails ${quote(noFlux(flux.container.disable))}
flux R encode --hosts="\${hosts}" ${resourceFlags(cluster)} > "\${configroot}/etc/flux/system/R" ||
  set_up_fails ${quote(fluxDoesNotRun(flux.container.disable))}
${socketPart(cluster)}
${connectionFiles(cluster)}
export STATE_DIR="\${configroot}/var/lib/flux"
export FLUX_OUTPUT_DIR=${quote(container.logs)}
mkdir -p "\${STATE_DIR}" "\${FLUX_OUTPUT_DIR}"
workdir=$(pwd)
quorum=$(cat /flux_operator/quorum)
brokerOptions="${brokerOptions(cluster, registration)}"
${archivePart(cluster)}
${userCode('spec.containers[].commands.pre', commands.pre, logging.quiet)}
${runPart(logging.timed)}
status=0
if ${leads ? '[ "${JOB_COMPLETION_INDEX:-${HOSTNAME##*-}}" = 0 ]' : 'false'}; then
${userCode('spec.containers[].commands.brokerPre', commands.brokerPre, logging.quiet)}
${cluster.mode === 'interactive' ? interactivePart() : programPart(cluster, container)}
else
${userCode('spec.containers[].commands.workerPre', commands.workerPre, logging.quiet)}
${workerPart(flux.completeWorkers)}
fi
${userCode('spec.containers[].commands.post', commands.post, false)}
[ "\${status}" != 0 ] || touch "\${viewbase}/flux-operator-complete.txt"
exit "\${status}"
`;
}

/** Written through an expanding here-document, as upstream does and its users' scripts expect. */
export function scriptFile(script: string): string {
  if (script === '') return '';
  return `${hereDocument('/tmp/custom-entrypoint.sh', script, true)}\nchmod +x /tmp/custom-entrypoint.sh\n`;
}

function certificatePart(): string {
  return `
# All brokers share one certificate; nobody else may read it.
curvepath="\${configroot}/curve/curve.cert"
mkdir -p "\${configroot}/curve"
if [ -r /mnt/curve/curve.cert ]; then
  rm -f "\${curvepath}" && (umask 077; cat /mnt/curve/curve.cert > "\${curvepath}") && chmod 0400 "\${curvepath}"
elif [ ! -r "\${curvepath}" ]; then
  set_up_fails "User \${fluxuser} cannot read the certificate: set spec.pod.securityContext.fsGroup to $(id -g), or, if the init container runs as root, securityContext.runAsUser of the container to \${fluxuid}"
fi
`;
}

function noFlux(isFromImage: boolean): string {
  return isFromImage
    ? 'flux is not on the PATH of this image: install flux-core in it, or leave out spec.flux.container.disable'
    : 'The view has no flux: give another spec.flux.container.image';
}

function fluxDoesNotRun(isFromImage: boolean): string {
  return isFromImage
    ? 'flux of this image does not run; the log says why'
    : 'flux of the view does not run in this image (the log says why): choose a view of the same distribution in spec.flux.container.image';
}

function archivePart(cluster: ResolvedMiniCluster): string {
  if (!cluster.archivePath) return '';
  const path = quote(cluster.archivePath);
  return `if [ -e ${path} ]; then
  say "Restoring the state of" ${path}
  brokerOptions="\${brokerOptions} -Scontent.restore="${path}
fi`;
}

/** bash is process 1 of the container: it runs the broker beside itself, so that it can hand a signal on at once. */
function runPart(timed: boolean): string {
  return `
run() {
  stage=run
  status=0
  "$@" <&0 &
  child=$!
  [ -z "\${terminated}" ] || kill -TERM "\${child}" 2> /dev/null || true
  wait "\${child}" || status=$?
  while kill -0 "\${child}" 2> /dev/null; do
    status=0
    wait "\${child}" || status=$?
  done
  child=
}
${
  timed
    ? `
timed() {
  local label=$1 from=\${EPOCHREALTIME:-$(date +%s.%N)} to
  shift
  "$@"
  to=\${EPOCHREALTIME:-$(date +%s.%N)}
  awk -v label="\${label}" -v from="\${from/,/.}" -v to="\${to/,/.}" 'BEGIN { t = to - from; printf "FLUXTIME %s wall time %d:%05.2f\\n", label, t / 60, t % 60 }' >&2
}
`
    : ''
}`;
}

/** A broker that is killed from outside is started again where it stood; one that cannot stay up ends the pod. */
function interactivePart(): string {
  return `say "Interactive: flux broker --config-path \${cfg} \${brokerOptions}"
  failures=0
  while :; do
    began=\${SECONDS}
    run flux broker --config-path "\${cfg}" \${brokerOptions}
    [ -z "\${terminated}" ] || exit ${stopped}
    [ "\${status}" != 0 ] || break
    [ $((SECONDS - began)) -lt 10 ] || failures=0
    failures=$((failures + 1))
    [ "\${failures}" -lt 5 ] || break
    say "The broker ended with status \${status}; starting it again"
    run sleep 0.5
    [ -z "\${terminated}" ] || exit ${stopped}
  done`;
}

function programPart(cluster: ResolvedMiniCluster, container: ResolvedContainer): string {
  const { flux, logging } = cluster;
  const wrap = flux.wrap ? `--wrap=${quote(flux.wrap)} ` : '';
  const start = `flux start ${wrap}-o --config "\${cfg}" \${brokerOptions} /bin/bash /flux_operator/program-${container.index}.sh`;
  return `say "Starting: flux start ${wrap.replaceAll('"', '\\"')}-o --config \${cfg} \${brokerOptions}"
  rm -f "\${configroot}/program-status"
  export FLUX_OPERATOR_BASE="\${viewbase}"
  ${logging.timed ? 'timed fluxstart ' : ''}run ${start}
  if [ -s "\${configroot}/program-status" ]; then
    status=$(cat "\${configroot}/program-status")
    printf '{"program":{"exitCode":%d}}' "\${status}" 2> /dev/null > /dev/termination-log || true
  elif [ -n "\${terminated}" ]; then
    exit ${stopped}
  fi`;
}

/** A worker tries for ever: only a program that ended, or the end of the pod, ends it. */
function workerPart(completeWorkers: boolean): string {
  return `say "Worker: flux start -o --config \${cfg} \${brokerOptions}"
  pause=0.2
  while :; do
    began=\${SECONDS}
    run flux start -o --config "\${cfg}" \${brokerOptions}
    if [ -e "\${viewbase}/flux-operator-complete.txt" ]; then status=0; break; fi
    [ -z "\${terminated}" ] || exit ${stopped}
    ${completeWorkers ? 'status=0; break' : ''}
    [ $((SECONDS - began)) -lt 10 ] || pause=0.2
    say "The broker ended with status \${status}; trying again in \${pause} s"
    run sleep "\${pause}"
    [ -z "\${terminated}" ] || exit ${stopped}
    case "\${pause}" in 0.2) pause=0.5 ;; 0.5) pause=1 ;; 1) pause=2 ;; *) pause=5 ;; esac
  done`;
}
