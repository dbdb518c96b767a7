{{/* The NetworkPolicy of a workload: a rule for each that calls it, and a rule for each that it calls; (root, component, and perhaps annotations). */}}
{{- define "codelab.networkpolicy" -}}
{{- $root := .root -}}
{{- $values := .root.Values -}}
{{- $component := .component -}}
{{- $entry := index $values.topology $component -}}
{{- $present := include "codelab.present" $root | fromYamlArray -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  {{- include "codelab.metadata" . | nindent 2 }}
spec:
  podSelector:
    matchLabels:
      {{- include "codelab.selector" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  {{- $callers := list }}
  {{- range $caller := $present }}
  {{- if has $component (index $values.topology $caller).calls }}{{ $callers = append $callers $caller }}{{ end }}
  {{- end }}
  {{- $isRouted := and (has "ingress" $entry.outside) (or $values.ingress.enabled $values.httpRoute.enabled) }}
  {{- $isFetched := and $entry.serve $values.monitoring.serviceMonitor.enabled }}
  {{- if or $callers $isRouted $isFetched }}
  ingress:
    {{- range $callers }}
    # {{ . }} calls {{ $component }}.
    - from:
        {{- include "codelab.network.pods" (dict "root" $root "component" .) | nindent 8 }}
      {{- include "codelab.network.ports" (list $entry.port) | nindent 6 }}
    {{- end }}
    {{- if $isRouted }}
    # Users, by the ingress controller.
    - from:
        {{- toYaml $values.networkPolicy.ingressFrom | nindent 8 }}
      {{- include "codelab.network.ports" (list $entry.port) | nindent 6 }}
    {{- end }}
    {{- if $isFetched }}
    # Prometheus fetches the metrics.
    - from:
        {{- toYaml $values.monitoring.serviceMonitor.from | nindent 8 }}
      {{- include "codelab.network.ports" (list $entry.port) | nindent 6 }}
    {{- end }}
  {{- else }}
  ingress: []
  {{- end }}
  {{- if $entry.calls }}
  egress:
    # Names.
    - to:
        {{- toYaml $values.networkPolicy.dns | nindent 8 }}
      ports:
        - {port: 53, protocol: UDP}
        - {port: 53, protocol: TCP}
    {{- range $entry.calls }}
    {{- if or (has . $present) (and (eq . "providers") (eq $values.llm.provider "openai")) }}
    # {{ $component }} calls {{ . }}.
    {{- include "codelab.network.egress" (dict "root" $root "component" .) | nindent 4 }}
    {{- end }}
    {{- end }}
    {{- if and $entry.serve $values.monitoring.traces.endpoint }}
    # Spans go to the collector.
    - to:
        {{- toYaml $values.monitoring.traces.to | nindent 8 }}
      {{- include "codelab.network.ports" $values.monitoring.traces.ports | nindent 6 }}
    {{- end }}
  {{- else }}
  egress: []
  {{- end }}
{{- end -}}
