/**
 * HorizontalPodAutoscalers of kinds of one's own, where nobody serves metrics: what is within its bounds, what is out of them,
 * and what cannot be scaled. Each is looked at every 15 seconds; of new kinds the real controller hears once in half a minute.
 */
const selecting = 'watched full external average pods object average-object container resource later'
  .split(' ')
  .map(
    (name) =>
      `patch convoy ${name} --subresource=status --type=merge -p '{"status":{"ships":3,"selector":"fleet=${name}"}}'`,
  )
  .join('\n');

export const autoscaling = `
  create -f objects/convoys.yaml
  wait --for=condition=Established crd/convoys.example.com crd/rafts.example.com crd/oceans.example.com --timeout=10s
  create -f objects/convoy-ships.yaml
  ${selecting}
  patch convoy odd --subresource=status --type=merge -p '{"status":{"ships":3,"selector":"a b"}}'
  autoscale convoy mute --name=scout --max=5
  wait --for=jsonpath={.status.conditions[0].reason}=SucceededGetScale hpa/scout --timeout=120s
  delete hpa scout
  create -f objects/autoscalers.yaml
  get hpa
  get hpa small -o yaml
  describe hpa small
  wait --for=jsonpath={.status.conditions[0].reason}=SucceededRescale hpa/elastic --timeout=60s
  get hpa
  get hpa -o yaml
  describe hpa
  get convoys -o custom-columns=NAME:.metadata.name,SHIPS:.spec.ships
  get mc elastic -o jsonpath={.spec.size}
  wait --for=jsonpath={.status.conditions[1].reason}=InvalidSelector hpa/elastic hpa/small hpa/large --timeout=60s
  get events --field-selector involvedObject.kind=HorizontalPodAutoscaler,involvedObject.name!=scout
  autoscale convoy small
  autoscale convoy small --max=0
  autoscale convoy small --min=4 --max=3
  autoscale convoy small --max=3
  autoscale convoy nobody --max=3
  autoscale raft log --max=3
  autoscale raft --max=3
  autoscale convoy later --name=typed --min=5 --max=9 --cpu=50% --memory=100Mi --dry-run=server -o yaml
  autoscale convoy later --name=typed --min=1 --max=9 --cpu=50 --memory=a
  autoscale convoy guarded --name=typed --min=5 --max=9 --cpu=50% --memory=100Mi
  get hpa typed
  patch hpa large --type=merge -p '{"spec":{"maxReplicas":2}}'
  patch hpa small --type=merge -p '{"spec":{"maxReplicas":2}}'
  patch hpa small --type=merge -p '{"spec":{"minReplicas":0}}'
  scale convoy watched --replicas=0
  scale convoy none --replicas=9
  scale convoy mute --replicas=9
  apply -f objects/first-autoscaler.yaml
  apply -f objects/first-autoscaler.yaml
  get hpa.v1.autoscaling first -o jsonpath={.spec}
  get hpa first -o jsonpath={.apiVersion}{.spec.metrics}
  patch hpa.v1.autoscaling first --type=merge -p '{"spec":{"targetCPUUtilizationPercentage":7}}'
  patch hpa.v1.autoscaling first --type=merge -p '{"spec":{"metrics":[]}}'
  get hpa.v1.autoscaling first -o jsonpath={.spec.targetCPUUtilizationPercentage}
  get hpa first -o jsonpath={.spec.metrics[0].resource.target.averageUtilization}
  get hpa.v1.autoscaling first
  diff -f objects/first-autoscaler.yaml
  delete -f objects/first-autoscaler.yaml
  delete hpa guarded
  wait --for=jsonpath={.spec.ships}=2 convoy/large --timeout=60s
  wait --for=jsonpath={.spec.ships}=5 convoy/none --timeout=60s
  wait --for=jsonpath={.spec.ships}=5 convoy/mute --timeout=60s
  wait --for=jsonpath={.spec.ships}=5 convoy/guarded --timeout=60s
  wait --for=jsonpath={.status.conditions[1].reason}=ScalingDisabled hpa/watched --timeout=60s
  get hpa
  get hpa large small none mute watched typed elastic -o jsonpath={.items[*].status}
  get events --field-selector involvedObject.kind=HorizontalPodAutoscaler,type=Normal
  delete hpa --all
  delete mc elastic
  delete crd convoys.example.com rafts.example.com oceans.example.com`;
