/** What is created by name, and what stands in its way. */
export const creation = `
  create configmap made --from-literal=a=b
  create configmap made
  create configmap Bad_Name
  create configmap x -n nowhere
  create secret generic s --from-literal=a=b
  create secret tls t --cert=/nowhere --key=/nowhere
  create job j --image=i -- true
  create job j --image=i
  create service clusterip svc --tcp=80:8080
  create service nodeport np --tcp=80
  create service clusterip svc --tcp=notaport
  create quota
  create priorityclass pc --value=5
  create ingress i
  create role r --verb=get --resource=pods
  create role r2 --verb=get --resource=nothings
  create rolebinding rb --role=r --user=jane
  create clusterrole cr --verb=get --non-resource-url=/metrics
  create token nobody
  create deployment
  create nothing
  create -f /nowhere.yaml`;
