/** Who may do what, as asked and as refused. */
export const permissions = `
  auth can-i create pods
  auth can-i create pods --as jane
  auth can-i get pods --as jane
  auth can-i get pods/log --as jane
  auth can-i list pods --as jane --namespace other
  auth can-i nothing pods
  auth can-i get nothings
  auth can-i get /metrics --as jane
  auth can-i --list --as nobody
  get pods --as jane
  get pod idle -o name --as jane
  delete pod idle --as jane
  create configmap no --as jane
  auth whoami --as jane --as-group=devs`;
