{{/* Names. Every helper takes the root context, or a dict of it (root) and what is asked for. */}}

{{- define "codelab.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" (.Release.Name | trunc 32 | trimSuffix "-") .Chart.Name -}}
{{- end -}}
{{- end -}}

{{/* The name of a component's objects, and of its Service: (root, component). */}}
{{- define "codelab.name" -}}
{{- printf "%s-%s" (include "codelab.fullname" .root) .component -}}
{{- end -}}

{{/* Where the cluster reaches a service: (root, component). */}}
{{- define "codelab.url" -}}
{{- printf "http://%s:%v" (include "codelab.name" .) (include "codelab.servicePort" .) -}}
{{- end -}}

{{/* The port of a Service: (root, component). */}}
{{- define "codelab.servicePort" -}}
{{- $entry := index .root.Values.topology .component -}}
{{- $entry.servicePort | default $entry.port -}}
{{- end -}}

{{- define "codelab.issuer" -}}
{{- .Values.issuer | default (include "codelab.url" (dict "root" . "component" "auth-service")) -}}
{{- end -}}

{{/* The components that this release runs as `codelab serve …`, and the other workloads that are there: YAML lists. */}}
{{- define "codelab.services" -}}
{{- $services := list -}}
{{- range $component, $entry := .Values.topology -}}
{{- if and $entry.serve (or (ne $component "website") $.Values.website.enabled) -}}{{- $services = append $services $component -}}{{- end -}}
{{- end -}}
{{- toYaml $services -}}
{{- end -}}

{{- define "codelab.present" -}}
{{- $present := include "codelab.services" . | fromYamlArray -}}
{{- $hasPostgres := ne .Values.database.mode "sqlite" -}}
{{- if $hasPostgres -}}{{- $present = append $present "postgres" -}}{{- end -}}
{{- if ne .Values.redis.mode "none" -}}{{- $present = append $present "redis" -}}{{- end -}}
{{- if and $hasPostgres .Values.migrations.enabled -}}{{- $present = append $present "migrate" -}}{{- end -}}
{{- if .Values.backup.enabled -}}{{- $present = append $present "backup" -}}{{- end -}}
{{- if .Values.restore.from -}}{{- $present = append $present "restore" -}}{{- end -}}
{{- if and $hasPostgres .Values.keys.rotation.schedule -}}{{- $present = append $present "key-rotation" -}}{{- end -}}
{{- $present = append $present "turn-test" -}}
{{- toYaml $present -}}
{{- end -}}

{{/* CodeLab's image, by digest when it is named. */}}
{{- define "codelab.image" -}}
{{- $name := .Values.image.repository -}}
{{- if .Values.image.registry -}}{{- $name = printf "%s/%s" .Values.image.registry $name -}}{{- end -}}
{{- include "codelab.reference" (dict "repository" $name "tag" (.Values.image.tag | default .Chart.AppVersion) "digest" .Values.image.digest) -}}
{{- end -}}

{{- define "codelab.reference" -}}
{{- if .digest -}}{{ .repository }}@{{ .digest }}{{- else -}}{{ .repository }}:{{ .tag }}{{- end -}}
{{- end -}}
