{{- define "ebb.name" -}}
{{- if contains "ebb-operator" .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-ebb-operator" .Release.Name | trunc 50 | trimSuffix "-" }}{{ end -}}
{{- end }}

{{- define "ebb.selector" -}}
app.kubernetes.io/name: ebb-operator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "ebb.labels" -}}
{{ include "ebb.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{/* What the operator may do where MiniClusters are. */}}
{{- define "ebb.rules" -}}
{{ .Files.Get "files/rules.yaml" }}
{{- end }}
