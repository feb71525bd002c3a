/** Lists and objects in every form of output, chosen in every way. */
export const gettingAndDescribing = `
  get pods
  get pods -o wide
  get pod idle -o yaml --show-managed-fields=false -o jsonpath={.status.phase}
  get pods -o name
  get pods --show-labels
  get pods -L app
  get pods -l app=talker
  get pods -l 'app in (talker,idle)' -o name --sort-by=.metadata.name
  get pods -l 'app notin (talker)' -o name
  get pods -l !app -o name
  get pods -l =
  get pods --field-selector status.phase=Running -o name
  get pods --field-selector spec.nothing=1
  get pods -o custom-columns=N:.metadata.name,P:.status.phase,X:.nothing
  get pods -o jsonpath={.items[*].metadata.name}
  get pods -o jsonpath={.items[
  get pods -o go-template='{{len .items}}'
  get pods --sort-by=.nothing -o name
  get pods -o nothing
  get pod idle talker nobody
  get pod/idle cm/applied
  get cm,secrets -n default -o name
  get jobs
  get jobs -o wide
  get services
  get services -o wide
  get namespaces
  get serviceaccounts
  get roles,rolebindings
  get clusterrole cr
  get priorityclasses pc
  get leases -n nowhere
  get pvc
  get pv
  get networkpolicies
  get events -n nowhere
  get pods -n nowhere
  get nothings
  get pods/
  get
  describe pod idle -n nowhere
  describe cm applied
  describe secret s
  describe service svc
  describe job j
  describe role r
  describe namespace default
  describe serviceaccount default
  describe nothing x
  describe pod nobody`;
