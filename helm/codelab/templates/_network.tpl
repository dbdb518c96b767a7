{{/* Network rules from the table. */}}

{{/* The peers of an edge's end, as (to|from) and ports: (root, component: the end, direction: to or from, and for `from` the port called). */}}
{{- define "codelab.network.pods" -}}
- podSelector:
    matchLabels:
      {{- include "codelab.selector" . | nindent 6 }}
{{- end -}}

{{- define "codelab.network.blocks" -}}
{{- $except := .except -}}
{{- range .cidrs }}
- ipBlock:
    cidr: {{ . | quote }}
    {{- $inside := list -}}
    {{- if has . (list "0.0.0.0/0") -}}{{- $inside = $except -}}{{- end }}
    {{- with $inside }}
    except:
      {{- toYaml . | nindent 6 }}
    {{- end }}
{{- end }}
{{- end -}}

{{- define "codelab.network.ports" -}}
ports:
  {{- range . }}
  - port: {{ . }}
    protocol: TCP
  {{- end }}
{{- end -}}

{{/* A rule out of a caller: (root, component: the called). */}}
{{- define "codelab.network.egress" -}}
{{- $values := .root.Values -}}
{{- if eq .component "providers" -}}
- to:
    {{- include "codelab.network.blocks" $values.networkPolicy.providers | trim | nindent 4 }}
  {{- include "codelab.network.ports" $values.networkPolicy.providers.ports | nindent 2 }}
{{- else if and (eq .component "postgres") (eq $values.database.mode "external") -}}
- to:
    {{- include "codelab.network.blocks" $values.database.external | trim | nindent 4 }}
  {{- include "codelab.network.ports" (list $values.database.external.port) | nindent 2 }}
{{- else if and (eq .component "postgres") (eq $values.database.mode "cnpg") -}}
- to:
    - podSelector:
        matchLabels:
          cnpg.io/cluster: {{ include "codelab.name" . | quote }}
  {{- include "codelab.network.ports" (list $values.topology.postgres.port) | nindent 2 }}
{{- else if and (eq .component "redis") (has $values.redis.mode (list "sentinel" "external")) -}}
- to:
    {{- include "codelab.network.blocks" $values.redis.external | trim | nindent 4 }}
  {{- include "codelab.network.ports" $values.redis.external.ports | nindent 2 }}
{{- else -}}
- to:
    {{- include "codelab.network.pods" . | nindent 4 }}
  {{- include "codelab.network.ports" (list (index $values.topology .component).port) | nindent 2 }}
{{- end -}}
{{- end -}}
