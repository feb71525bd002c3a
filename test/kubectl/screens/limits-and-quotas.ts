/** Limits and quotas of namespaces of their own: what is filled in, refused and counted. One line after the other. */
export const limits = `
  create namespace limited
  wait --for=create serviceaccount/default -n limited --timeout=60s
  create -f objects/odd-limits.yaml -n limited
  delete quota --all -n limited
  create -f objects/limits.yaml -n limited
  get limits -n limited
  get limits limits -n limited -o yaml
  describe limits limits -n limited
  create -f objects/limited-pods.yaml -n limited
  get pod plain -n limited -o jsonpath={.metadata.annotations}
  get pod plain -n limited -o jsonpath={.spec.containers[*].resources}
  get pod plain -n limited -o jsonpath={.spec.initContainers[*].resources}
  get pod plain -n limited -o jsonpath={.status.qosClass}
  run asked -n limited --image=ubuntu --dry-run=server -o yaml
  describe ns limited
  patch limits limits -n limited --type=json -p '[{"op":"replace","path":"/spec/limits/1","value":{"type":"Pod","max":{"cpu":"x"}}}]'
  patch limits limits -n limited --type=json -p '[{"op":"replace","path":"/spec/limits/1/max","value":{"cpu":"150m"}}]'
  run asked -n limited --image=ubuntu
  patch pvc fitting -n limited -p '{"spec":{"resources":{"requests":{"storage":"2Gi"}}}}'
  delete limits limits -n limited
  delete ns limited`;

export const quotas = `
  create namespace shared
  wait --for=create serviceaccount/default -n shared --timeout=60s
  wait --for=create configmap/kube-root-ca.crt -n shared --timeout=60s
  create priorityclass urgent --value=10
  create quota bare -n shared
  wait --for=jsonpath={.metadata.name}=bare quota/bare -n shared --timeout=10s
  get quota bare -n shared
  describe quota bare -n shared
  create quota bare -n shared --hard=pods=1
  create quota odd -n shared --hard=pods=x
  create quota odd -n shared --hard=pods=1 --scopes=Odd
  create quota odd -n shared --hard=services=1 --scopes=BestEffort
  delete quota bare -n shared
  create -f objects/quotas.yaml -n shared
  wait --for=jsonpath={.status.used.pods}=0 quota/short quota/urgent quota/unasked quota/work -n shared --timeout=60s
  create -f objects/object-quota.yaml -n shared
  wait --for=jsonpath={.status.used.resourcequotas}=5 quota/objects -n shared --timeout=60s
  get quota -n shared
  get quota objects -n shared -o jsonpath={.status}
  describe quota -n shared
  run unsaid -n shared --image=ubuntu
  run unsaid -n shared --image=ubuntu '--overrides={"spec":{"containers":[{"name":"unsaid","image":"ubuntu","resources":{"requests":{"cpu":"100m"}}}]}}'
  run first -n shared --image=ubuntu --restart=Never '--overrides={"spec":{"terminationGracePeriodSeconds":0,"containers":[{"name":"first","image":"ubuntu","command":["sleep","3600"],"resources":{"requests":{"cpu":"100m","ephemeral-storage":"1Mi"},"limits":{"memory":"64Mi"}}}]}}'
  get quota work -n shared
  run second -n shared --image=ubuntu '--overrides={"spec":{"containers":[{"name":"second","image":"ubuntu","resources":{"requests":{"cpu":"250m"},"limits":{"memory":"200Mi"}}}]}}'
  run second -n shared --image=ubuntu --dry-run=server '--overrides={"spec":{"containers":[{"name":"second","image":"ubuntu","resources":{"requests":{"cpu":"50m"},"limits":{"memory":"16Mi"}}}]}}'
  run hurried -n shared --image=ubuntu '--overrides={"spec":{"priorityClassName":"urgent","containers":[{"name":"hurried","image":"ubuntu","resources":{"requests":{"cpu":"50m"},"limits":{"memory":"16Mi"}}}]}}'
  patch pod first -n shared -p '{"spec":{"activeDeadlineSeconds":1000}}'
  get quota short work -n shared
  run third -n shared --image=ubuntu '--overrides={"spec":{"activeDeadlineSeconds":1000,"containers":[{"name":"third","image":"ubuntu","resources":{"requests":{"cpu":"50m"},"limits":{"memory":"16Mi"}}}]}}'
  create cm one -n shared
  create cm two -n shared
  create cm three -n shared
  create cm one -n shared
  create secret generic one -n shared --from-literal=a=b
  create secret generic two -n shared --from-literal=a=b
  create service nodeport ports -n shared --tcp=80 --tcp=81
  create service nodeport more -n shared --tcp=82
  create service loadbalancer more -n shared --tcp=82
  create service clusterip more -n shared --tcp=82
  patch service more -n shared -p '{"spec":{"type":"NodePort"}}'
  create service clusterip another -n shared --tcp=82
  create -f objects/limited-pods.yaml -n shared
  get quota objects -n shared
  delete cm two -n shared
  delete service ports -n shared
  delete pvc --all -n shared
  get quota objects -n shared
  describe ns shared
  delete pod first -n shared
  get quota work short -n shared
  create -f objects/crowd.yaml -n shared
  create job another -n shared --image=ubuntu
  patch quota work -n shared --type=merge -p '{"spec":{"hard":{"pods":"1"}}}'
  get quota work -n shared
  patch quota short -n shared --type=merge -p '{"spec":{"scopes":["NotTerminating"]}}'
  patch quota work -n shared --type=merge --subresource=status -p '{"status":{"hard":{"odd":"1"}}}'
  delete quota objects work short unasked urgent -n shared
  delete job crowd -n shared
  delete priorityclass urgent
  delete ns shared`;

/** A Job whose pods a quota holds back until it is raised. */
export const jobUnderQuota = `
  create namespace crowded
  wait --for=create serviceaccount/default -n crowded --timeout=60s
  create quota work -n crowded --hard=pods=0
  wait --for=jsonpath={.status.used.pods}=0 quota/work -n crowded --timeout=60s
  create -f objects/crowd.yaml -n crowded
  wait --for=jsonpath={.status.startTime} job/crowd -n crowded --timeout=30s
  get job crowd -n crowded
  get events -n crowded --field-selector reason=FailedCreate -o jsonpath={.items[0].message}
  get events -n crowded --field-selector reason=FailedCreate -o jsonpath={.items[0].source}{.items[0].type}
  patch quota work -n crowded --type=merge -p '{"spec":{"hard":{"pods":"1"}}}'
  wait --for=jsonpath={.status.active}=1 job/crowd -n crowded --timeout=90s
  wait --for=jsonpath={.status.ready}=1 job/crowd -n crowded --timeout=30s
  get job crowd -n crowded
  get pods -l app=crowd -n crowded
  get quota work -n crowded
  patch quota work -n crowded --type=merge -p '{"spec":{"hard":{"pods":"3"}}}'
  wait --for=jsonpath={.status.active}=3 job/crowd -n crowded --timeout=90s
  get quota work -n crowded
  delete job crowd -n crowded
  get quota work -n crowded
  delete ns crowded`;
