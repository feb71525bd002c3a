/** Options of the broker that are known when the script is written (flux-broker-attributes(7)). */
import type { Registration } from '../objects/registration.ts';
import type { ResolvedMiniCluster } from '../resolve/resolved.ts';
import { quote } from './shell-text.ts';

/** A flat tree serves up to 256 brokers well; wider ones lose most of their job throughput (measured upstream at 1,536). */
const widestFlatTree = 256;

/** The options, as words for the shell; `${configroot}` and the like are the script's own variables. */
export function brokerOptions(cluster: ResolvedMiniCluster, registration: Registration): string {
  const { flux, logging } = cluster;
  const fanout = registration.capacity > widestFlatTree ? 128 : widestFlatTree;
  // With a Service for the lead broker alone no other broker has a name, whom its children could ask for: a flat tree.
  const isFlat = flux.minimalService && registration.capacity > widestFlatTree;
  const topology = isFlat ? 'kary:0' : flux.topology;
  const options = [
    '-Scron.directory=${configroot}/etc/flux/system/cron.d',
    ...(topology ? [] : [`-Stbon.fanout=${fanout}`]),
    '-Srundir=${configroot}/run/flux',
    ...(cluster.mode === 'interactive' ? ['-Sbroker.rc2_none'] : []),
    '-Sstatedir=${STATE_DIR}',
    ...(flux.disableSocket ? [] : ['-Slocal-uri=local://${configroot}/run/flux/local']),
    ...(flux.connectTimeout ? [`-Stbon.connect_timeout=${word(flux.connectTimeout)}`] : []),
    ...(topology ? [`-Stbon.topo=${word(topology)}`] : []),
    '-Sbroker.quorum=${quorum}',
    ...(logging.zeromq ? ['-Stbon.zmqdebug=1'] : []),
    `-Slog-stderr-level=${logging.quiet ? 0 : flux.logLevel}`,
    '-Slog-stderr-mode=local',
  ];
  return options.join(' ');
}

/** Text inside the double quotes of the option string, which is split at blanks when it is used. */
function word(text: string): string {
  return text.replace(/[^A-Za-z0-9_.:,/=+@%-]/g, '');
}

/** Options of `flux submit` and `flux batch` that say how large the job is. Fixed by the size at the start. */
export function jobFlags(cluster: ResolvedMiniCluster, registration: Registration): string {
  const { tasks, flux, logging } = cluster;
  const nodes = registration.firstSize;
  const size = tasks === 0 ? `-N ${nodes}` : tasks >= nodes ? `-N ${nodes} -n${tasks}` : `-n${tasks}`;
  return [size, flux.optionFlags, logging.debug ? '-vvv' : ''].filter((part) => part !== '').join(' ');
}

/** Options of `flux R encode` for what each node has. */
export function resourceFlags(cluster: ResolvedMiniCluster): string {
  const container = cluster.containers.find((each) => each.runFlux);
  const { cores, gpus } = container ?? {};
  if (cores === undefined && gpus === undefined) return '--local';
  const known = cores === undefined ? '--cores=0-$(($(nproc) - 1))' : `--cores=${ids(cores)}`;
  return gpus === undefined ? known : `${known} --gpus=${ids(gpus)}`;
}

function ids(count: number): string {
  return quote(count === 1 ? '0' : `0-${count - 1}`);
}
