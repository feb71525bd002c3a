/** What is changed in an editor, applied, compared and copied, with what stands in its way. */
export const editing = `
  create cm edited --from-literal=a=one
  EDITOR=true edit cm edited
  EDITOR=false edit cm edited
  EDITOR=/nowhere edit cm edited
  EDITOR=editors/good.sh edit cm edited
  EDITOR=editors/good.sh edit cm edited
  EDITOR=editors/empty.sh edit cm edited
  EDITOR=editors/unknown-field.sh edit cm edited
  EDITOR=editors/no-yaml.sh edit cm edited
  EDITOR=editors/bad-key.sh edit cm edited
  EDITOR=editors/other-name.sh edit cm edited
  EDITOR=editors/meanwhile.sh edit cm edited
  get cm edited -o jsonpath={.data}
  EDITOR=true edit cm nobody
  EDITOR=true edit nothing x
  EDITOR=true edit
  EDITOR=true edit cm edited -o json
  EDITOR=true edit cm edited --subresource=status
  EDITOR=true edit -f objects/ship.yaml
  EDITOR=true edit cm -l a=b
  EDITOR=true apply edit-last-applied cm/edited
  delete cm edited
  apply -f objects/kustomized/cm.yaml
  EDITOR=true apply edit-last-applied -f objects/kustomized/cm.yaml
  apply view-last-applied -f objects/kustomized/cm.yaml
  apply view-last-applied cm --all
  apply view-last-applied cm -l a=b
  apply set-last-applied -f objects/kustomized/cm.yaml
  apply set-last-applied -f objects/ship.yaml
  apply edit-last-applied
  apply
  apply -f /nowhere
  apply -f objects/kustomized/cm.yaml --force
  apply -f objects/kustomized/cm.yaml --server-side --force-conflicts
  apply -f objects/kustomized/cm.yaml --server-side --force
  apply -f objects/kustomized/cm.yaml --force-conflicts
  apply -f objects/kustomized/cm.yaml --prune
  apply -f objects/kustomized/cm.yaml --prune -l app=none --prune-allowlist=core/v1/ConfigMap
  apply -f objects/kustomized/cm.yaml --prune -l app=none --prune-allowlist=nothing
  apply -f objects/kustomized/cm.yaml --prune --all --applyset=x
  apply -f objects/kustomized/cm.yaml --overwrite=false
  apply -f objects/kustomized/cm.yaml -o name
  apply -f objects/kustomized/cm.yaml --dry-run=server -o yaml
  apply -f objects/kustomized/cm.yaml --validate=odd
  apply -f objects/kustomized/cm.yaml -n nowhere
  diff
  diff -f objects/kustomized/cm.yaml
  diff -f objects/ship.yaml
  diff -f objects/for-pods.yaml
  delete -f objects/kustomized/cm.yaml
  run copied --image=ubuntu --restart=Never -- sleep 1000
  wait --for=condition=Ready pod/copied --timeout=30s
  cp objects copied:/tmp/objects
  exec copied -- sh -c 'cd /tmp/objects; find . -type f | sort; cat ship.yaml'
  cp objects/ship.yaml copied:/tmp/objects/new.yaml
  exec copied -- cat /tmp/objects/new.yaml
  cp objects/ship.yaml copied:/no-such-folder/x
  cp objects/ship.yaml copied:
  cp objects/ship.yaml default/copied:/tmp/y
  cp objects/ship.yaml other/copied:/tmp/y
  cp objects/ship.yaml copied:/tmp/z -c none
  cp x
  exec copied ls
  exec copied -c
  exec pod/copied -- sh -c 'exit 42'
  exec -f objects/ship.yaml -- ls
  attach copied --pod-running-timeout=odd
  logs copied --tail=x
  logs
  logs copied --ignore-errors --all-containers
  get pod copied --request-timeout=odd
  get pod/copied -o jsonpath-as-json={.metadata.name}
  top node --sort-by=odd
  version -o odd
  api-versions x
  delete pod copied --now`;
