{{/* PostgreSQL: where it is. */}}

{{- define "codelab.postgres.host" -}}
{{- $name := include "codelab.name" (dict "root" . "component" "postgres") -}}
{{- if eq .Values.database.mode "cnpg" -}}{{- printf "%s-rw" $name -}}{{- else -}}{{- $name -}}{{- end -}}
{{- end -}}

{{- define "codelab.postgres.image" -}}
{{- include "codelab.reference" .Values.database.image -}}
{{- end -}}

{{/* How many connections the server must allow: every replica's, those of the pods that an update adds, and some for jobs and people. */}}
{{- define "codelab.postgres.connections" -}}
{{- $replicas := 2 -}}
{{- range $component := list "auth-service" "agent-runtime" -}}
{{- $workload := index $.Values.workloads $component -}}
{{- $replicas = add $replicas (ternary $workload.autoscaling.maxReplicas $workload.replicas $workload.autoscaling.enabled) -}}
{{- end -}}
{{- max 100 (add 20 (mul $replicas .Values.database.maxConnections)) -}}
{{- end -}}

{{/* "true" for the services that keep their data in files here. */}}
{{- define "codelab.hasDataVolume" -}}
{{- if and (eq .root.Values.database.mode "sqlite") (has .component (list "auth-service" "agent-runtime")) -}}true{{- end -}}
{{- end -}}
