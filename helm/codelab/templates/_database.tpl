{{/* PostgreSQL: where it is. */}}

{{- define "codelab.postgres.host" -}}
{{- $name := include "codelab.name" (dict "root" . "component" "postgres") -}}
{{- if eq .Values.database.mode "cnpg" -}}{{- printf "%s-rw" $name -}}{{- else -}}{{- $name -}}{{- end -}}
{{- end -}}

{{- define "codelab.postgres.image" -}}
{{- include "codelab.reference" .Values.database.image -}}
{{- end -}}

{{/* "true" for the services that keep their data in files here. */}}
{{- define "codelab.hasDataVolume" -}}
{{- if and (eq .root.Values.database.mode "sqlite") (has .component (list "auth-service" "agent-runtime")) -}}true{{- end -}}
{{- end -}}
