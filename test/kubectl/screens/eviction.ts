/** Nodes that are emptied, and budgets that keep pods from it: one line after the other. */
export const eviction = `
  run alone --image=ubuntu --restart=Never --labels=app=alone -- sleep 1000
  create -f objects/guarded-job.yaml
  wait --for=condition=Ready pod/alone --timeout=30s
  wait --for=condition=Ready pod -l app=guarded --timeout=30s
  drain
  drain nobody
  drain -l a=b
  drain -l kubernetes.io/os=linux --pod-selector=app=alone
  drain -l kubernetes.io/os=linux --pod-selector=app=alone --dry-run=client --force
  drain -l kubernetes.io/os=linux --pod-selector=app=alone --dry-run=server --force
  drain -l kubernetes.io/os=linux --pod-selector=app=alone --force --grace-period=1
  get pods -l app=alone
  uncordon -l kubernetes.io/os=linux
  create pdb guard --selector=app=guarded
  create pdb guard --selector=app=guarded --min-available=2 --max-unavailable=1
  create pdb guard --min-available=2
  create pdb guard --selector=app=guarded --min-available=-1
  create pdb guard --selector=app=guarded --min-available=2
  wait --for=jsonpath={.status.currentHealthy}=2 pdb/guard --timeout=10s
  get pdb
  describe pdb guard
  drain -l kubernetes.io/os=linux --pod-selector=app=guarded
  drain -l kubernetes.io/os=linux --pod-selector=app=guarded --delete-emptydir-data --dry-run=server --timeout=1s
  drain -l kubernetes.io/os=linux --pod-selector=app=guarded --delete-emptydir-data --timeout=2s
  patch pdb guard --type=merge -p '{"spec":{"minAvailable":"100%"}}'
  wait --for=jsonpath={.status.conditions[0].reason}=SyncFailed pdb/guard --timeout=10s
  get pdb guard -o yaml
  get events --field-selector involvedObject.name=guard,involvedObject.kind=PodDisruptionBudget
  patch pdb guard --type=merge -p '{"spec":{"minAvailable":0}}'
  wait --for=jsonpath={.status.disruptionsAllowed}=2 pdb/guard --timeout=10s
  drain -l kubernetes.io/os=linux --pod-selector=app=guarded --delete-emptydir-data --ignore-daemonsets --timeout=30s
  uncordon -l kubernetes.io/os=linux
  create pdb bare --selector=app=bare,tier=none --max-unavailable=1
  run bare --image=ubuntu --restart=Never --labels=app=bare,tier=none -- sleep 1000
  wait --for=condition=Ready pod/bare --timeout=30s
  wait --for=jsonpath={.status.currentHealthy}=1 pdb/bare --timeout=10s
  get events --field-selector involvedObject.name=bare,involvedObject.kind=PodDisruptionBudget,reason=UnmanagedPods
  describe pdb bare --show-events=false
  delete pod bare --grace-period=1
  create pdb nothing --selector=app=nothing --max-unavailable=1
  wait --for=jsonpath={.status.observedGeneration}=1 pdb/nothing --timeout=10s
  describe pdb nothing
  delete pdb --all
  delete job guarded`;
