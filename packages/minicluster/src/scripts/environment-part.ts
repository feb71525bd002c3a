/** The part that the Flux container's script and the sidecars' scripts share: where Flux is, and files for people who enter. */
import type { ResolvedMiniCluster } from '../resolve/resolved.ts';
import { quote } from './shell-text.ts';

/** Shell variables and PATH; the names are those of the upstream scripts, because users' commands use them. */
export function environmentPart(cluster: ResolvedMiniCluster): string {
  const { flux, logging } = cluster;
  const base = flux.container.mountPath;
  return `
viewbase=${quote(base)}
viewroot="\${viewbase}/view"
configroot="\${viewbase}/config"
software="\${viewbase}/software"
viewbin="\${viewroot}/bin"
fluxpath="\${viewbin}/flux"
mainHost=${quote(`${cluster.name}-0`)}
${logging.quiet ? 'say() { :; }' : `say() { printf '%s\\n' "$*"; }`}
${flux.container.disable ? '' : viewEnvironment(cluster)}`;
}

function viewEnvironment(cluster: ResolvedMiniCluster): string {
  const { flux } = cluster;
  const python = flux.container.pythonPath;
  return `
# The view comes last, so that the application's own programs win.
imageFlux=$(command -v flux || true)
export PATH="\${PATH}:\${viewbin}"
if [ -d "\${software}" ] && [ "$(ls -A "\${software}")" ]; then
  mkdir -p /opt/software && cp -R "\${software}/." /opt/software/ || true
fi
if [ "\${HOME:-/}" = / ]; then
  export HOME=/home/flux-operator USER=flux-operator
fi
foundroot=
for folder in "\${viewroot}"/lib/python3*; do
  [ -d "\${folder}/site-packages" ] && foundroot=\${folder}
done
${
  python
    ? `export PYTHONPATH="\${PYTHONPATH:+\${PYTHONPATH}:}${python.replaceAll('"', '\\"')}"`
    : `[ -z "\${foundroot}" ] || export PYTHONPATH="\${PYTHONPATH:+\${PYTHONPATH}:}\${foundroot}/site-packages"`
}
${flux.simpleScheduler ? '' : '[ ! -d "${viewroot}/etc/flux/rc1.d" ] || export FLUX_RC_EXTRA="${viewroot}/etc/flux/rc1.d"'}
`;
}

/** The files below the mount path that people and sidecars use to reach the instance. */
export function connectionFiles(cluster: ResolvedMiniCluster): string {
  const { flux } = cluster;
  if (flux.container.disable) return '';
  const extra = Object.entries(flux.environment)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `  printf 'export %s=%q\\n' ${quote(name)} ${quote(value)}\n`)
    .join('');
  return `
# Files for people: . flux-view.sh, then flux proxy \${fluxsocket} bash.
{
  echo '#!/bin/bash'
  printf 'export PATH=%q\\n' "\${PATH}"
  printf 'export PYTHONPATH=%q\\n' "\${PYTHONPATH:-}"
  printf 'export LD_LIBRARY_PATH=%q\\n' "\${LD_LIBRARY_PATH:+\${LD_LIBRARY_PATH}:}\${viewroot}/lib"
  printf 'export viewbase=%q\\n' "\${viewbase}"
  printf 'export fluxsocket=%q\\n' "local://\${fluxsocketpath}"
${extra}} > "\${viewbase}/.flux-view.$$" && mv -f "\${viewbase}/.flux-view.$$" "\${viewbase}/flux-view.sh"
cat > "\${viewbase}/flux-connect.sh" <<END_OF_TEXT
#!/bin/bash
. \${viewbase}/flux-view.sh
flux proxy \\\${fluxsocket} bash
END_OF_TEXT
cat > "\${viewbase}/load-fluxion.sh" <<'END_OF_TEXT'
flux module remove sched-simple
flux module load sched-fluxion-resource
flux module load sched-fluxion-qmanager
END_OF_TEXT
chmod +x "\${viewbase}/flux-view.sh" "\${viewbase}/flux-connect.sh" "\${viewbase}/load-fluxion.sh"
# So that kubectl exec finds flux by its name where the image has none.
if [ -z "\${imageFlux}" ] && [ -w /usr/local/bin ]; then
  printf '#!/bin/bash\\n. %q\\nexec %q "$@"\\n' "\${viewbase}/flux-view.sh" "\${fluxpath}" > /usr/local/bin/flux
  chmod +x /usr/local/bin/flux
fi
`;
}

/** Where the socket is, and the path of older tutorials that leads to it. */
export function socketPart(cluster: ResolvedMiniCluster): string {
  return `
fluxsocketpath="\${configroot}/run/flux/${cluster.flux.disableSocket ? 'local-${JOB_COMPLETION_INDEX:-0}' : 'local'}"
for folder in /run/flux /var/run/flux; do
  mkdir -p "\${folder}" 2> /dev/null && [ "\${folder}" -ef "\${configroot}/run/flux" ] || ln -sfn "\${fluxsocketpath}" "\${folder}/local" 2> /dev/null || true
done
`;
}
