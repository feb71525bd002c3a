/** The script of the init container: Flux's configuration, and the view of Flux where the application's image has none. */
import { brokerPort } from '../objects/broker-config.ts';
import { hostlist } from '../objects/hostlist.ts';
import type { Registration } from '../objects/registration.ts';
import type { ResolvedMiniCluster } from '../resolve/resolved.ts';
import { quote } from './shell-text.ts';

/** Text of flux-init.sh. */
export function initScript(cluster: ResolvedMiniCluster, registration: Registration, clusterDomain: string): string {
  const { flux } = cluster;
  const base = flux.container.mountPath;
  const settle = flux.brokerConfig
    ? ''
    : `
# The address to bind and the cluster's domain are known here and not before.
address=\${POD_IP:-}
case "\${address}" in
  '') ;;
  *:*) config=\${config//tcp:\\/\\/eth0:/tcp://[\${address}]:}
       config=\${config/\\[bootstrap\\]/[bootstrap]$'\\n'enable_ipv6 = true} ;;
  *) config=\${config//tcp:\\/\\/eth0:/tcp://\${address}:} ;;
esac
domain=\${KUBERNETES_CLUSTER_DOMAIN:-}
if [ -z "\${domain}" ] && [ -r /etc/resolv.conf ]; then
  while read -r keyword words; do
    [ "\${keyword}" = search ] || continue
    for word in \${words}; do
      case "\${word}" in ${quote(cluster.namespace)}.svc.*) domain=\${word#${quote(cluster.namespace)}.svc.} ;; esac
    done
  done < /etc/resolv.conf
fi
domain=\${domain%.}
[ -z "\${domain}" ] || config=\${config//${quote(`.svc.${clusterDomain}:`)}/.svc.\${domain}:}
`;
  return `#!/bin/bash
# Sets up Flux in the pods of MiniCluster ${cluster.name}: configuration, and Flux itself unless the image has it.
set -e
viewroot=${quote(base)}
installRoot="\${viewroot}/config"
${cluster.logging.quiet ? 'say() { :; }' : `say() { printf '%s\\n' "$*"; }`}
say "Setting up Flux on \${HOSTNAME}"

# The broker may run as another user than this script does.
mkdir -p "\${viewroot}/view" "\${viewroot}/software" "\${installRoot}/etc/flux/config" "\${installRoot}/etc/flux/system/cron.d" \\
  "\${installRoot}/var/lib" "\${installRoot}/run" "\${installRoot}/curve"
chmod 1777 "\${viewroot}" "\${installRoot}" "\${installRoot}/etc/flux/system" "\${installRoot}/var/lib" \\
  "\${installRoot}/run" "\${installRoot}/curve" 2> /dev/null || true

printf '%s\\n' ${quote(hostlist(cluster, registration))} > "\${installRoot}/etc/flux/system/hostlist"
config=$(< /flux_operator/broker.toml)
${settle}
printf '%s\\n' "\${config}" > "\${installRoot}/etc/flux/config/broker.toml"
say "Broker configuration (port ${brokerPort}):"
say "\${config}"
${certificateHandOver(cluster)}
${flux.container.disable ? '# The image of the application has Flux itself.' : viewCopy()}
touch "\${viewroot}/flux-operator-done.txt"
say "Flux is set up."
`;
}

/** A broker that runs as a known user other than root cannot read the Secret itself (its mode is 0400, its owner root). */
function certificateHandOver(cluster: ResolvedMiniCluster): string {
  const container = cluster.containers.find((each) => each.runFlux);
  const user = container?.securityContext.runAsUser ?? cluster.pod.securityContext.runAsUser;
  if (user === undefined || user === 0) return '';
  return `
if [ "$(id -u)" = 0 ]; then
  (umask 077; cat /mnt/curve/curve.cert > "\${installRoot}/curve/curve.cert")
  chmod 0400 "\${installRoot}/curve/curve.cert"
  chown ${user} "\${installRoot}/curve/curve.cert"
fi
`;
}

function viewCopy(): string {
  return `
# The view is a tree of links below /opt/views/._view/HASH; its programs are built for /opt/software.
copied=
for tree in /opt/views/._view/*/; do
  [ -d "\${tree}" ] || continue
  cp -R "\${tree}." "\${viewroot}/view/"
  copied=1
done
if [ -z "\${copied}" ] && [ -d /opt/view ]; then cp -R /opt/view/. "\${viewroot}/view/"; copied=1; fi
if [ -z "\${copied}" ]; then
  echo "This image has no view of Flux in /opt/views/._view or /opt/view: give another spec.flux.container.image, or set spec.flux.container.disable" >&2
  exit 1
fi
if [ -d /opt/software ]; then cp -R /opt/software "\${viewroot}/"; fi`;
}
