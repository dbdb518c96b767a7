{{/* The settings of `codelab`, as README.md of the repository lists them. */}}

{{/* The environment of a service: a YAML list; (root, component). */}}
{{- define "codelab.settings" -}}
{{- $values := .root.Values -}}
{{- $entry := index $values.topology .component -}}
- {name: CODELAB_HOST, value: 0.0.0.0}
- {name: {{ printf "CODELAB_%s_PORT" ($entry.serve | upper | replace "-" "_") }}, value: {{ $entry.port | quote }}}
- {name: CODELAB_LOG_LEVEL, value: {{ $values.log.level }}}
- {name: CODELAB_LOG_FORMAT, value: {{ $values.log.format }}}
{{- if ne .component "website" }}
{{ include "codelab.settings.platform" . }}
{{ include (printf "codelab.settings.%s" .component) .root }}
{{- end }}
{{- end -}}

{{/* Of what is a part of the platform: it keeps something, and knows the others. */}}
{{- define "codelab.settings.platform" -}}
{{- $values := .root.Values -}}
{{- $entry := index $values.topology .component -}}
- {name: CODELAB_DATA_DIR, value: /var/lib/codelab}
- {name: CODELAB_START_TIMEOUT, value: {{ $values.database.startTimeout | quote }}}
{{- if has "auth-service" $entry.calls }}
- {name: CODELAB_AUTH_URL, value: {{ include "codelab.url" (dict "root" .root "component" "auth-service") }}}
{{- end }}
- {name: CODELAB_AUTH_ISSUER, value: {{ include "codelab.issuer" .root | quote }}}
- {name: CODELAB_AUTH_INTERNAL_SECRET_FILE, value: /run/secrets/codelab/internal-secret}
{{- if ne $values.redis.mode "none" }}
- {name: CODELAB_REDIS_URL_FILE, value: /run/secrets/codelab/redis-url}
{{- end }}
{{- if and (has "ingress" $entry.outside) (or $values.ingress.enabled $values.httpRoute.enabled) }}
- {name: CODELAB_TRUSTED_PROXIES, value: {{ $values.ingress.trustedProxies | quote }}}
{{- end }}
{{- with $values.monitoring.traces }}
{{- if .endpoint }}
- {name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ .endpoint | quote }}}
- {name: OTEL_TRACES_SAMPLER, value: parentbased_traceidratio}
- {name: OTEL_TRACES_SAMPLER_ARG, value: {{ .ratio | quote }}}
- {name: OTEL_RESOURCE_ATTRIBUTES, value: {{ printf "k8s.namespace.name=%s,deployment.environment.name=%s" $.root.Release.Namespace $values.environment | quote }}}
{{- if include "codelab.secret.isUsed" (dict "root" $.root "secret" "collector") }}
- {name: OTEL_EXPORTER_OTLP_HEADERS_FILE, value: /run/secrets/codelab/collector-headers}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "codelab.settings.gateway" -}}
- {name: CODELAB_RUNTIME_URL, value: {{ include "codelab.url" (dict "root" . "component" "agent-runtime") }}}
{{- with .Values.limits.gateway }}
- {name: CODELAB_GATEWAY_RATE_LIMIT, value: {{ .calls | int | quote }}}
- {name: CODELAB_GATEWAY_RATE_LIMIT_MESSAGES, value: {{ .messages | int | quote }}}
- {name: CODELAB_GATEWAY_RATE_LIMIT_CONNECTIONS, value: {{ .connections | int | quote }}}
- {name: CODELAB_GATEWAY_RATE_LIMIT_UNAUTHENTICATED, value: {{ .unauthenticated | int | quote }}}
{{- end }}
{{- end -}}

{{- define "codelab.settings.auth-service" -}}
- {name: CODELAB_ADMIN_USERNAME, value: {{ .Values.auth.administrator | quote }}}
- {name: CODELAB_ADMIN_PASSWORD_FILE, value: /run/secrets/codelab/administrator-password}
- {name: CODELAB_AUTH_ACCESS_LIFETIME, value: {{ .Values.auth.accessLifetime | int | quote }}}
- {name: CODELAB_AUTH_REFRESH_LIFETIME, value: {{ .Values.auth.refreshLifetime | int | quote }}}
- {name: CODELAB_AUTH_ATTEMPTS, value: {{ .Values.limits.auth.attempts | int | quote }}}
- {name: CODELAB_AUTH_ATTEMPTS_PER_ADDRESS, value: {{ .Values.limits.auth.attemptsPerAddress | int | quote }}}
{{- with .Values.auth.passwordGrantClients }}
- {name: CODELAB_AUTH_PASSWORD_GRANT_CLIENTS, value: {{ join "," . | quote }}}
{{- end }}
{{ include "codelab.settings.database" (dict "root" . "variable" "CODELAB_AUTH_DATABASE_URL_FILE") }}
{{- end -}}

{{- define "codelab.settings.agent-runtime" -}}
- {name: CODELAB_LLM_PROXY_URL, value: {{ include "codelab.url" (dict "root" . "component" "llm-proxy") }}}
- {name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
- {name: CODELAB_RUNTIME_ADVERTISE_URL, value: "http://$(POD_IP):{{ (index .Values.topology "agent-runtime").port }}"}
{{ include "codelab.settings.model" . }}
{{ include "codelab.settings.database" (dict "root" . "variable" "CODELAB_RUNTIME_DATABASE_URL_FILE") }}
{{- end -}}

{{- define "codelab.settings.llm-proxy" -}}
{{ include "codelab.settings.model" . }}
- {name: CODELAB_LLM_RATE_LIMIT, value: {{ .Values.limits.llm.completions | int | quote }}}
{{- if eq .Values.llm.provider "openai" }}
- {name: CODELAB_LLM_RESPONSE_TIMEOUT, value: {{ .Values.llm.responseTimeout | quote }}}
- {name: CODELAB_LLM_IDLE_TIMEOUT, value: {{ .Values.llm.idleTimeout | quote }}}
{{- if include "codelab.secret.isUsed" (dict "root" . "secret" "llm") }}
- {name: CODELAB_LLM_API_KEY_FILE, value: /run/secrets/codelab/llm-api-key}
{{- end }}
{{- else if .Values.llm.scenario }}
- {name: CODELAB_LLM_SCENARIOS, value: /etc/codelab/scenario/scenario.yaml}
{{- end }}
{{- end -}}

{{/* The runtime asks for the first model, the proxy calls it: both are told. */}}
{{- define "codelab.settings.model" -}}
- {name: CODELAB_LLM, value: {{ .Values.llm.provider }}}
{{- if eq .Values.llm.provider "openai" }}
- {name: CODELAB_LLM_BASE_URL, value: {{ .Values.llm.baseURL | quote }}}
- {name: CODELAB_LLM_MODELS, value: {{ join "," .Values.llm.models | quote }}}
{{- end }}
{{- end -}}

{{/* In mode sqlite there is no URL: the data is in files of CODELAB_DATA_DIR. */}}
{{- define "codelab.settings.database" -}}
{{- if ne .root.Values.database.mode "sqlite" -}}
- {name: {{ .variable }}, value: /run/secrets/codelab/database-url}
- {name: CODELAB_DATABASE_MAX_CONNECTIONS, value: {{ .root.Values.database.maxConnections | quote }}}
{{- end -}}
{{- end -}}
