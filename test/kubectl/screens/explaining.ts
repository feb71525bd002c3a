/** What kinds are made of, as each version of OpenAPI says it. */
export const explaining = `
  explain pod.spec.restartPolicy
  explain job.spec.completionMode
  explain configmap
  explain pod.spec --recursive
  explain lease --api-version=coordination.k8s.io/v1
  explain pod.spec.nothing
  explain nothing
  explain pod --api-version=v9
  explain pod --output odd
  explain job.status.startTime
  explain svc.spec.ports --recursive
  explain minicluster --recursive
  explain pod --output plaintext-openapiv2
  explain pod --output plaintext-openapiv2 --recursive
  explain pod.spec.containers.resources --output plaintext-openapiv2 --recursive
  explain pod.spec.restartPolicy --output plaintext-openapiv2
  explain pod.spec.containers.resources.limits --output plaintext-openapiv2
  explain pod.spec.nothing --output plaintext-openapiv2
  explain pod.metadata.managedFields.fieldsV1 --output plaintext-openapiv2
  explain job --output plaintext-openapiv2 --recursive
  explain svc --output plaintext-openapiv2 --recursive
  explain crd --output plaintext-openapiv2 --recursive
  explain hpa --recursive
  explain hpa --recursive --api-version=autoscaling/v1
  explain hpa --output plaintext-openapiv2 --recursive --api-version=autoscaling/v1
  explain hpa --output plaintext-openapiv2 --recursive
  explain nothing --output plaintext-openapiv2
  explain lease --output plaintext-openapiv2 --api-version=coordination.k8s.io/v1
  explain pod --output plaintext-openapiv2 --api-version=v9
  explain minicluster --output plaintext-openapiv2 --recursive
  explain minicluster.spec.containers.resources --output plaintext-openapiv2
  explain minicluster.spec.containers.resources.limits --output plaintext-openapiv2
  explain minicluster.spec.size --output plaintext-openapiv2
  explain minicluster --output plaintext-openapiv2 --api-version=flux-framework.org/v1alpha1`;
