/** A chart of the kinds that are here, good and bad, from its installation to its end; and a folder for kustomize. */
export const helmAndKustomize = `
  helm lint objects/chart
  helm install one objects/chart
  helm install one objects/chart
  helm get manifest one
  helm get values one
  helm upgrade one objects/chart --set size=3
  helm upgrade nobody objects/chart
  helm upgrade -i two objects/bad-chart
  helm rollback one 1
  helm rollback one 9
  helm rollback nobody
  helm get all nobody
  helm install three objects/bad-chart --dry-run=server
  helm install Bad_Name objects/chart
  helm install four /nowhere
  helm install five objects/chart -n nowhere
  helm template six objects/chart --validate
  helm uninstall one
  helm uninstall one
  helm uninstall two
  helm status one
  apply -k objects/kustomized
  apply -k objects/kustomized
  diff -k objects/kustomized
  get -k objects/kustomized
  delete -k objects/kustomized`;
