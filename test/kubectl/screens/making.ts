/** What `create`, `run`, `expose` and `autoscale` make, and what they refuse. */
export const making = `
  create role r1 --verb=get --verb=list --resource=pods,jobs.batch
  create role r2 --verb=odd --resource=pods
  create role r3 --verb=get --resource=nothing
  create role r4 --resource=pods
  create role r5 --verb=get --resource=pods --resource-name=a
  create role r6 --verb=get --resource=pods/log,miniclusters.flux-framework.org
  create clusterrole c1 --verb=get --non-resource-url=/metrics
  create clusterrole c2 --verb=get --resource=nodes --aggregation-rule=a=b
  create clusterrole c3 --aggregation-rule=a=b
  create rolebinding b1 --role=r1 --user=jane --group=devs --serviceaccount=default:default
  create rolebinding b2 --role=r1 --clusterrole=c1
  create rolebinding b3 --clusterrole=nothing --user=x
  create rolebinding b4 --role=r1 --serviceaccount=bad
  create clusterrolebinding cb --clusterrole=c1 --user=jane
  get role,rolebinding -o wide
  describe role r6
  describe rolebinding b1
  describe clusterrolebinding cb
  describe clusterrole c3
  create quota q --hard=pods=2,cpu=1
  create quota q2 --hard=odd
  delete quota q
  create limitrange x
  create priorityclass p1 --value=5 --description=low
  create priorityclass p2 --value=2000000001
  create priorityclass p3 --value=1 --global-default --preemption-policy=Never
  create priorityclass p4 --value=x
  get pc p1 p3
  delete pc p1 p3
  create cronjob cj --image=busybox --schedule='* * * * *'
  create secret tls t1 --cert=/nowhere --key=/nowhere
  create secret tls t2 --cert=package.json
  create secret docker-registry dr --docker-username=u --docker-password=p --docker-email=e@x.y
  create secret docker-registry dr2 --docker-username=u
  create secret generic g1 --from-literal=a=b --from-file=objects/ship.yaml --type=my/type
  create secret generic g2 --from-literal=a
  create secret generic g3 --from-literal='bad key=b'
  create secret generic g4 --from-env-file=/nowhere
  create secret nothing x
  create secret
  describe secret dr
  get secret dr -o yaml
  describe secret g1
  create token nobody
  create token default --duration=1s
  create token default --bound-object-kind=Odd --bound-object-name=x
  create token default --bound-object-kind=Pod --bound-object-name=nobody
  create cm c1 --from-file=objects/kustomized
  create cm c2 --from-file=k=objects/ship.yaml --from-literal=k=x
  create cm c3 --from-file=/nowhere
  create cm c4 --from-env-file=objects/ship.yaml
  create cm c5 --from-literal=a=b --append-hash
  get cm c1 -o yaml
  create service clusterip s1 --tcp=80:8080 --tcp=443
  create service clusterip s2 --clusterip=None
  create service clusterip s3 --tcp=odd
  create service nodeport s4 --tcp=80 --node-port=30057
  create service nodeport s5 --tcp=80 --node-port=30057
  create service nodeport s6 --tcp=80 --node-port=80
  create service nodeport s6 --tcp=80 --node-port=80 --dry-run=server
  create service loadbalancer s7 --tcp=80
  create service externalname s8 --external-name=example.com
  create service externalname s9
  create service odd x
  get svc -o wide
  describe svc s1
  create job j1 --image=busybox -- echo hi
  create job j3
  create namespace Bad
  create namespace n1
  create serviceaccount sa1
  create pod x
  create -f /nowhere
  create -f objects/ship.yaml
  create
  create poddisruptionbudget x --selector=a=b --min-available=1 -o yaml --dry-run=client
  create cm x --dry-run=odd
  create cm x -o odd
  create --raw /api/v1/namespaces/default/configmaps -f /nowhere
  autoscale job j1 --max=3
  autoscale mc x --min=3 --max=1
  autoscale
  expose svc s1 --port=80 --name=s1-too
  expose svc s2
  expose pod nobody --port=1
  expose role r1
  run x
  run Bad --image=x
  run x1 --image=ubuntu --restart=Odd
  run x2 --image=ubuntu --dry-run=client -o yaml
  run x4 --image=ubuntu --port=99999
  run x5 --image=ubuntu --env=A
  run x6 --image=ubuntu --labels=bad
  run x7 --image=ubuntu --overrides={
  run x8 --image=ubuntu --expose
  run x9 --image=ubuntu --image-pull-policy=Odd
  run x9 --image=ubuntu --rm
  delete role --all
  delete rolebinding --all
  delete secret --all
  delete clusterrole c1 c3
  delete clusterrolebinding cb
  delete job j1
  delete svc s1 s2 s4 s7 s8
  delete cm --all
  delete sa sa1
  delete ns n1`;
