/** Pods and services that the lines below handle. */
export const toHandle = `
  run p1 --image=ubuntu --labels=app=p --restart=Never -- sleep 1000
  run p2 --image=ubuntu --labels=app=p --restart=Never -- sh -c 'trap "" TERM; sleep 1000'
  run web --image=ubuntu --labels=app=web --restart=Never --port=8080 -- sleep 1000
  expose pod web --port=80 --target-port=8080
  expose pod web --name=named --port=80 --target-port=http
  create service clusterip nosel --tcp=80:80
  wait --for=condition=Ready pod/p1 pod/p2 pod/web --timeout=30s`;

/** Ports, accounts, changes in passing and waiting. */
export const handling = `
  port-forward web 18080:99999
  port-forward web a:b
  port-forward web
  port-forward nobody 80
  port-forward svc/web :81
  port-forward svc/web :http
  port-forward svc/nosel :80 --pod-running-timeout=1s
  port-forward svc/nobody :80
  port-forward job/nobody :80
  port-forward svc/named :80
  port-forward cm/x 80
  port-forward web 0:0
  port-forward web :8080 --address=1.2.3.4
  port-forward web :8080 --address=nonsense.
  port-forward web :8080 --pod-running-timeout=odd
  proxy --port=99999
  proxy --port=x
  auth whoami --as jane
  auth reconcile -f objects/role.yaml
  auth reconcile -f objects/role.yaml
  auth reconcile -f objects/ship.yaml
  auth reconcile
  auth reconcile -f objects/role.yaml --remove-extra-permissions --remove-extra-subjects
  auth can-i --list --as=jane
  auth can-i create pods/eviction --as=jane
  auth can-i get pods --as-group=system:masters --as=x
  certificate
  certificate approve
  set env pod/web A=b --list
  set env pod/web --list
  set env pods --all --list
  set env cm/x A=b
  set env pod/web A
  set env
  set env pod/web A=b --dry-run=client
  set env pod/web A=b
  set env job/nobody A=b
  set image pod/web web=ubuntu:2 --dry-run=server
  set image pod/web web=
  set image pod/web
  set image pod/web nope=x
  set image pods --all '*=ubuntu:other' --dry-run=client
  set resources pod web --requests=cpu=x
  set resources pod web --requests=cpu=1
  set resources pod web
  set serviceaccount pod web default
  set serviceaccount job nobody default
  set serviceaccount job
  set selector svc web app=other
  set selector svc web 'app in (a)'
  set selector svc nobody a=b
  set selector pod web a=b
  set subject rolebinding nobody --user=x
  set subject rolebinding nobody
  rollout status pod/web
  rollout status job/x
  rollout history pod/web
  rollout pause pod/web
  rollout resume pod/web
  rollout restart pod/web
  rollout undo pod/web
  rollout undo
  rollout
  wait
  wait pod
  wait --for=condition=Ready
  wait pod/web --for=condition=Ready=false --timeout=1s
  wait pod/web --for=condition=Ready --timeout=-1s
  wait pod/web --for=condition=Ready --timeout=0
  wait pod/web --for=jsonpath='{.status.phase}'=Running
  wait pod/web --for=jsonpath='{.status.phase}' --timeout=1s
  wait pod/web --for=jsonpath={.status.nothing} --timeout=1s
  wait pod/web --for=jsonpath={.status
  wait pod/web --for=jsonpath=x=y
  wait pod/web --for=jsonpath='{.spec.containers[*].name}'=web --timeout=1s
  wait pod/web --for=delete --timeout=1s
  wait pods --all --for=condition=Ready --timeout=2s
  wait pods -l app=nothing --for=condition=Ready --timeout=1s
  wait pods -l app=nothing --for=delete --timeout=1s
  wait pod/nobody --for=create --timeout=1s
  wait pod/web pod/nobody --for=condition=Ready --timeout=1s
  wait nothing/x --for=condition=Ready
  wait --for=condition=Ready pod/web cm/kube-root-ca.crt --timeout=1s
  wait -f objects/ship.yaml --for=delete --timeout=1s
  wait --for=odd=x pod/web`;

/** Every way to delete. */
export const deleting = `
  delete pod p1 --grace-period=0
  delete pod p2 --grace-period=0 --force
  delete pod web --dry-run=client
  delete pod web --dry-run=server
  delete pod web nobody --now
  delete pod -l app=nothing
  delete pods --all --field-selector=status.phase=Failed
  delete pods --field-selector=status.nothing=x
  delete pods --field-selector=metadata.name=nothing
  delete pods
  delete pods x --all
  delete pods x -l a=b
  delete pod/a svc/web cm
  delete pod/a svc/web
  delete -f objects/ship.yaml
  delete -f objects/ship.yaml --ignore-not-found
  delete -f /nowhere
  delete pod x --cascade=odd
  delete pod x --grace-period=-5
  delete pod x --now --grace-period=3
  delete pod x --timeout=x
  delete pods --all --ignore-not-found=false --now
  delete svc --all
  wait --for=create svc/kubernetes --timeout=30s
  delete all --all --grace-period=1
  wait --for=create svc/kubernetes --timeout=30s
  get all
  delete --raw /api/v1/namespaces/default/pods/nobody
  delete --raw /nothing
  delete cm nobody --wait=false --ignore-not-found
  delete ns kube-system
  delete crd nothing.x
  delete node nobody
  delete pods -A --dry-run=client -l app=none`;
