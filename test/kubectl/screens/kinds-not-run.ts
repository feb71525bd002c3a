/** Kinds that the embedded one knows and does not run: what is told of them where there are none, and `--prune`, which asks for them all. */
const kinds = ['rc', 'deploy', 'rs', 'sts', 'ds', 'cj', 'ing'];

export const kindsNotRun = `
  ${kinds.map((kind) => `explain ${kind} --recursive`).join('\n')}
  ${kinds.map((kind) => `get ${kind}`).join('\n')}
  ${kinds.map((kind) => `get ${kind} nobody -o yaml`).join('\n')}
  ${kinds.map((kind) => `describe ${kind} nobody`).join('\n')}
  ${kinds.map((kind) => `delete ${kind} nobody`).join('\n')}
  ${kinds.map((kind) => `label ${kind} nobody a=b`).join('\n')}
  ${kinds.map((kind) => `scale ${kind}/nobody --replicas=2`).join('\n')}
  ${kinds.map((kind) => `rollout status ${kind}/nobody`).join('\n')}
  ${kinds.map((kind) => `auth can-i create ${kind} --as jane`).join('\n')}
  explain sts.spec.podManagementPolicy --output plaintext-openapiv2
  explain cj.spec.jobTemplate.spec --output plaintext-openapiv2 --recursive
  explain ing.spec.rules.http --output plaintext-openapiv2 --recursive
  explain rc --output plaintext-openapiv2 --recursive
  explain ds --output plaintext-openapiv2 --recursive
  create deployment web --image=ubuntu --dry-run=client
  get deploy --all-namespaces
  get deployments.v1.apps -o json
  get deploy,rs,sts,ds,rc,cj,ing
  get deploy -o wide --field-selector status.replicas=3
  get rs --field-selector status.replicas=3
  get rc --field-selector status.replicas=3
  get ing --field-selector spec.rules=3
  get sts --raw /apis/apps/v1/namespaces/default/statefulsets
  get --raw /apis/apps/v1/namespaces/default/statefulsets/nobody/scale
  get --raw /apis/batch/v1/namespaces/default/cronjobs/nobody/scale
  delete deploy --all
  api-resources --api-group=batch -o wide
  set image deploy/nobody main=ubuntu
  expose deploy nobody --port=80
  autoscale deploy nobody --max=3
  rollout restart deploy/nobody
  rollout restart deploy`;

export const pruning = `
  apply -f objects/pruned-before.yaml
  diff -f objects/pruned-after.yaml --prune -l set=one
  apply -f objects/pruned-after.yaml --prune
  apply -f objects/pruned-after.yaml --prune -l set=one --dry-run=client
  apply -f objects/pruned-after.yaml --prune -l set=one --dry-run=server
  apply -f objects/pruned-after.yaml --prune -l set=one
  get cm,secret,svc -l set=one -o name
  apply -f objects/pruned-before.yaml
  apply -f objects/pruned-after.yaml --prune -l set=one --prune-allowlist=core/v1/Secret
  apply -f objects/pruned-after.yaml --prune -l set=one --prune-allowlist=core/v1/Nothing
  apply -f objects/pruned-after.yaml --prune -l set=one -n default
  get cm,secret,svc -l set=one -o name
  delete -f objects/pruned-after.yaml`;
