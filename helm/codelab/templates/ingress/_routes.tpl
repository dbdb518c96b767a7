{{/* What is reached from outside: path and component, the longest paths first. */}}
{{- define "codelab.routes" -}}
- {path: /oauth, component: auth-service}
- {path: /.well-known, component: auth-service}
- {path: /api/v1, component: gateway}
{{- if .Values.website.enabled }}
- {path: /, component: website}
{{- end }}
{{- end -}}
