/** Jobs, nodes, Services, volumes, access: what is said of them, and what may not be done with them. These only look. */
export const otherObjects = `
  describe job indexed
  describe job failing
  describe job suspended
  describe job elastic
  describe service web
  describe service head
  describe service ext
  describe service bal
  describe pvc claim
  describe pv vol
  describe namespace kube-system
  describe secret sec
  describe cm cfg
  describe clusterrole cluster-admin
  describe clusterrolebinding cluster-admin
  describe crd miniclusters.flux-framework.org
  describe priorityclass system-node-critical
  describe netpol
  describe
  get nodes -l kubernetes.io/os=linux -o wide
  get nodes --show-labels
  get svc -o wide
  get pvc
  get pv
  get job -o wide
  get ns --show-labels
  get crd miniclusters.flux-framework.org
  get po --chunk-size=3 -o name
  get po --ignore-not-found nobody
  get po -o yaml nobody
  get po -o template
  get po -o jsonpath
  get po -o custom-columns=N
  get po -o go-template-file=/nowhere
  get job --server-print=false -l app=none
  get po --raw /x
  get po --sort-by={
  get po -l a=b,,
  get po -l 'a in b'
  get po -l 'a in (b'
  get po -l '!,a'
  get po --field-selector=a
  get po --field-selector=spec.nodeName=nothing
  get job --field-selector=status.successful=1
  get job --field-selector=metadata.name=indexed,x=y
  get ev --field-selector=a=b
  get secret --field-selector=type=Opaque -o name
  get po rich nobody -w
  get po,job -w
  get -k /nowhere
  get job indexed --subresource=nothing
  get --raw /api/v1/pods/rich
  get --raw /apis/batch/v1/namespaces/default/jobs/nobody
  taint nodes nobody a=b:NoSchedule
  taint nodes --all x=y:Odd
  taint nodes --all x-
  taint node -l x=y a=b:NoSchedule
  cordon -l kubernetes.io/os=linux --dry-run=server
  drain nobody
  auth can-i --list
  auth can-i --list -n kube-system --as jane
  auth can-i '*' '*'
  auth can-i get pods/odd
  auth can-i get pods --subresource=log --as jane
  auth can-i get secrets/sec --as jane -q
  auth can-i get pods extra
  auth can-i get nodes -n x
  auth can-i get healthz
  auth can-i get /api --as system:anonymous --as-group=system:unauthenticated
  auth can-i list miniclusters.flux-framework.org --as system:serviceaccount:default:default
  auth reconcile -f objects/role.yaml
  auth reconcile -f objects/role.yaml -n default --dry-run=client
  auth whoami -o jsonpath={.status.userInfo.username}
  cluster-info dump --output=odd
  config use-context nothing
  api-resources --categories=none
  api-resources --sort-by=odd
  api-resources --api-group=rbac.authorization.k8s.io --no-headers -o name
  api-versions x
  explain pod..spec
  explain pods.spec extra
  explain job --api-version=v1
  patch cm cfg
  patch cm cfg --patch-file=/nowhere
  patch cm cfg --type=json -p '[{"op":"odd","path":"/data/a"}]'
  patch cm cfg --type=json -p '[{"op":"add"}]'
  patch cm cfg --type=strategic -p '{"metadata":{"labels":{"bad key":"x"}}}'
  patch cm cfg --type=merge -p '[]'
  patch cm cfg --type=merge -p 'null'
  patch cm cfg --type=merge -p '{"metadata":{"resourceVersion":"1"}}'
  patch cm cfg --type=merge -p '{"metadata":{"uid":"x"}}'
  patch pod rich -p '{"spec":{"activeDeadlineSeconds":-1}}'
  patch pod rich -p '{"spec":{"containers":[{"name":"new","image":"x"}]}}'
  patch pod rich --subresource=odd -p '{}'
  patch job elastic -p '{"spec":{"completions":3}}'
  patch job suspended -p '{"spec":{"backoffLimit":-1}}'
  patch svc web -p '{"spec":{"ports":[{"port":80,"protocol":"SCTPX"}]}}'
  patch svc web -p '{"spec":{"type":"ExternalName"}}'
  patch secret sec -p '{"type":"other"}'
  patch secret sec -p '{"data":{"x":"not base64!"}}'
  patch pvc claim -p '{"spec":{"resources":{"requests":{"storage":"2Mi"}}}}'
  patch pv vol -p '{"spec":{"hostPath":{"path":"/other"}}}'
  replace
  replace -f objects/kustomized/cm.yaml --subresource=status
  edit cm nobody
  apply edit-last-applied cm/nobody
  apply set-last-applied -f objects/kustomized/cm.yaml
  apply view-last-applied cm/nobody
  apply -k /nowhere
  kustomize /nowhere
  kustomize objects/kustomized`;

/** Nodes that are taken out of use and back again: one line after the other. */
export const nodesInAndOut = `
  taint nodes --all a=b:PreferNoSchedule
  taint nodes --all a=c:PreferNoSchedule
  taint nodes --all a=c:PreferNoSchedule --overwrite
  taint nodes --all a:PreferNoSchedule-
  cordon -l kubernetes.io/os=linux
  cordon -l kubernetes.io/os=linux
  get nodes -l kubernetes.io/os=linux
  wait --for=jsonpath={.spec.taints[0].key}=node.kubernetes.io/unschedulable node -l kubernetes.io/os=linux --timeout=20s
  run late --image=ubuntu --restart=Never --command -- true
  wait --for=condition=PodScheduled=false pod/late --timeout=20s
  get events --field-selector involvedObject.name=late -o jsonpath={.items[0].message}
  uncordon -l kubernetes.io/os=linux
  uncordon -l kubernetes.io/os=linux
  wait --for=jsonpath={.status.phase}=Succeeded pod/late --timeout=30s
  delete pod late`;
