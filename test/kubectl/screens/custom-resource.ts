/** A kind of one's own from its definition to its end: defaults, rules, columns, subresources. */
export const customResource = `
  create -f objects/ships.yaml
  wait --for=condition=Established crd/ships.example.com --timeout=10s
  create -f objects/ships.yaml
  get crd ships.example.com
  describe crd ships.example.com
  api-resources --api-group=example.com -o wide
  explain ship.spec.sails
  explain ship.status --output plaintext-openapiv2
  explain ship.spec.cargo.weight --output plaintext-openapiv2
  apply -f objects/ship.yaml
  apply -f objects/bad-ship.yaml
  get ships
  get sh argo -o wide
  get fleet
  get ships --field-selector spec.sails=white
  get ships --field-selector spec.crew=50
  describe ship argo
  scale ship argo --replicas=7
  scale ship argo --replicas=7 --current-replicas=3
  scale ship argo --replicas=700
  patch ship argo -p '{"spec":{"crew":3}}'
  patch ship argo --type=merge -p '{"spec":{"crew":null}}'
  patch ship argo --type=merge -p '{"spec":{"sails":"blue"}}'
  patch ship argo --type=json -p '[{"op":"replace","path":"/spec/crew","value":"x"}]'
  patch ship argo --type=merge --subresource=status -p '{"status":{"any":{"thing":1}}}'
  patch ship argo --type=merge --subresource=status -p '{"spec":{"crew":1}}'
  label ship argo a=b
  wait --for=jsonpath={.status.any.thing}=1 ship/argo --timeout=2s
  wait --for=jsonpath={.spec.crew}=8 ship/argo --timeout=1s
  delete ship argo --wait=false
  delete crd ships.example.com
  get ships`;
