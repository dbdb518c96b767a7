{{/* What is reached from outside: path (with all below it, unless it is exact) and component. Health and the like are nobody's business there. */}}
{{- define "codelab.routes" -}}
- {path: /oauth, component: auth-service}
- {path: /.well-known, component: auth-service}
- {path: /api/v1, component: gateway}
{{- if .Values.website.enabled }}
- {path: /specs, component: website}
- {path: /, component: website, exact: true}
{{- end }}
{{- end -}}
