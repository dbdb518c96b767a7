{{/* Secrets: which there are, what is in them, and how they reach a pod (as files, never as variables). */}}

{{/* The name of a Secret: (root, secret). */}}
{{- define "codelab.secret.name" -}}
{{- (index .root.Values.secrets .secret).existingSecret | default (include "codelab.name" (dict "root" .root "component" (.secret | kebabcase))) -}}
{{- end -}}

{{/* Whether this release needs it: "true" or nothing. */}}
{{- define "codelab.secret.isUsed" -}}
{{- $values := .root.Values -}}
{{- $given := index $values.secrets .secret -}}
{{- if has .secret (list "internal" "administrator") -}}true
{{- else if has .secret (list "authDatabase" "runtimeDatabase") -}}{{- if ne $values.database.mode "sqlite" -}}true{{- end -}}
{{- else if eq .secret "postgres" -}}{{- if eq $values.database.mode "builtin" -}}true{{- end -}}
{{- else if eq .secret "redis" -}}{{- if ne $values.redis.mode "none" -}}true{{- end -}}
{{- else if eq .secret "collector" -}}{{- if and $values.monitoring.traces.endpoint (or $given.existingSecret $given.value) -}}true{{- end -}}
{{- else if eq .secret "llm" -}}
{{- if and (eq $values.llm.provider "openai") (or $given.existingSecret $given.value $values.externalSecrets.enabled) -}}true{{- end -}}
{{- end -}}
{{- end -}}

{{/* Whether the chart makes it, and its external form: "true" or nothing. */}}
{{- define "codelab.secret.isMade" -}}
{{- if and (include "codelab.secret.isUsed" .) (not (index .root.Values.secrets .secret).existingSecret) (not .root.Values.externalSecrets.enabled) -}}true{{- end -}}
{{- end -}}

{{- define "codelab.secret.isExternal" -}}
{{- if and (include "codelab.secret.isUsed" .) (not (index .root.Values.secrets .secret).existingSecret) .root.Values.externalSecrets.enabled -}}true{{- end -}}
{{- end -}}

{{/* What is in a Secret that the chart makes, as YAML. Made once in a rendering, however often it is asked for: it is random on the first installation. */}}
{{- define "codelab.secret.data" -}}
{{- $values := .root.Values -}}
{{- if not (hasKey $values "_made") -}}{{- $_ := set $values "_made" dict -}}{{- end -}}
{{- if not (hasKey $values._made .secret) -}}
{{- $there := (lookup "v1" "Secret" .root.Release.Namespace (include "codelab.secret.name" .)).data | default dict -}}
{{- $_ := set $values._made .secret (include "codelab.secret.make" (dict "root" .root "secret" .secret "there" $there "literal" (index $values.secrets .secret).value)) -}}
{{- end -}}
{{- index $values._made .secret -}}
{{- end -}}

{{/* The literal, else what is there, else something new: (there, key, literal). */}}
{{- define "codelab.secret.kept" -}}
{{- if .literal -}}{{- .literal -}}
{{- else if hasKey .there .key -}}{{- index .there .key | b64dec -}}
{{- else -}}{{- randAlphaNum 40 -}}
{{- end -}}
{{- end -}}

{{- define "codelab.secret.make" -}}
{{- $values := .root.Values -}}
{{- if eq .secret "internal" -}}
internal-secret: {{ include "codelab.secret.kept" (set . "key" "internal-secret") | quote }}
{{- else if eq .secret "llm" -}}
api-key: {{ .literal | quote }}
{{- else if eq .secret "collector" -}}
headers: {{ .literal | quote }}
{{- else if has .secret (list "administrator" "postgres") -}}
password: {{ include "codelab.secret.kept" (set . "key" "password") | quote }}
{{- else if has .secret (list "authDatabase" "runtimeDatabase") -}}
{{- if eq $values.database.mode "external" -}}
url: {{ .literal | quote }}
{{- else -}}
{{- $name := ternary "auth_db" "agent_runtime" (eq .secret "authDatabase") -}}
{{- $password := include "codelab.secret.kept" (set . "key" "password") -}}
username: {{ $name | quote }}
password: {{ $password | quote }}
url: {{ printf "postgres://%s:%s@%s:%v/%s?sslmode=%s" $name (include "codelab.escaped" $password) (include "codelab.postgres.host" .root) $values.topology.postgres.port $name (ternary "require" "disable" (eq $values.database.mode "cnpg")) | quote }}
{{- end -}}
{{- else if eq .secret "redis" -}}
{{- if ne $values.redis.mode "builtin" -}}
url: {{ .literal | quote }}
{{- else -}}
{{- $password := include "codelab.secret.kept" (set . "key" "password") -}}
password: {{ $password | quote }}
url: {{ printf "redis://default:%s@%s:%v/0" (include "codelab.escaped" $password) (include "codelab.name" (dict "root" .root "component" "redis")) $values.topology.redis.port | quote }}
# The password as its SHA-256, the form that allows every character.
users.acl: {{ printf "user default on #%s ~* &* +@all\n" (sha256sum $password) | quote }}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* For the part of a URL before the @. */}}
{{- define "codelab.escaped" -}}
{{- . | urlquery | replace "+" "%20" -}}
{{- end -}}

{{/* The files of a component's secrets: a YAML list of secret, key, path; (root, component). */}}
{{- define "codelab.secret.files" -}}
{{- $database := ternary "runtimeDatabase" "authDatabase" (eq .component "agent-runtime") -}}
{{- if and (index .root.Values.topology .component).serve (ne .component "website") }}
- {secret: internal, key: internal-secret, path: internal-secret}
- {secret: redis, key: url, path: redis-url}
- {secret: collector, key: headers, path: collector-headers}
{{- end }}
{{- if eq .component "auth-service" }}
- {secret: administrator, key: password, path: administrator-password}
{{- end }}
{{- if has .component (list "auth-service" "agent-runtime" "key-rotation") }}
- {secret: {{ $database }}, key: url, path: database-url}
{{- end }}
{{- if eq .component "llm-proxy" }}
- {secret: llm, key: api-key, path: llm-api-key}
{{- end }}
{{- if has .component (list "migrate" "backup" "restore") }}
- {secret: authDatabase, key: url, path: auth_db-url}
- {secret: runtimeDatabase, key: url, path: agent_runtime-url}
{{- end }}
{{- if eq .component "postgres" }}
- {secret: postgres, key: password, path: postgres-password}
- {secret: authDatabase, key: password, path: auth_db-password}
- {secret: runtimeDatabase, key: password, path: agent_runtime-password}
{{- end }}
{{- if eq .component "redis" }}
- {secret: redis, key: password, path: redis-password}
- {secret: redis, key: users.acl, path: users.acl}
{{- end }}
{{- if eq .component "turn-test" }}
- {secret: administrator, key: password, path: administrator-password}
{{- end }}
{{- end -}}

{{/* A component's Secrets with certificates of authorities, by the name of the place: (root, component). */}}
{{- define "codelab.authorities" -}}
{{- $values := .root.Values -}}
{{- $calls := (index $values.topology .component).calls -}}
{{- if and (has "redis" $calls) (has $values.redis.mode (list "sentinel" "external")) $values.redis.external.caSecret }}
redis-ca: {{ $values.redis.external.caSecret | quote }}
{{- end }}
{{- if and (has "postgres" $calls) (eq $values.database.mode "external") $values.database.external.caSecret }}
database-ca: {{ $values.database.external.caSecret | quote }}
{{- end }}
{{- end -}}

{{/* One volume of all its files, and one of each authority. */}}
{{- define "codelab.secrets.volume" -}}
{{- $root := .root -}}
- name: secrets
  projected:
    # 0440, for the pod's group.
    defaultMode: 288
    sources:
      {{- range include "codelab.secret.files" . | fromYamlArray }}
      {{- if include "codelab.secret.isUsed" (dict "root" $root "secret" .secret) }}
      - secret:
          name: {{ include "codelab.secret.name" (dict "root" $root "secret" .secret) | quote }}
          items:
            - key: {{ .key | quote }}
              path: {{ .path | quote }}
      {{- end }}
      {{- end }}
{{- range $place, $secret := include "codelab.authorities" . | fromYaml }}
- name: {{ $place }}
  secret:
    secretName: {{ $secret | quote }}
    defaultMode: 288
    items:
      - key: ca.crt
        path: ca.crt
{{- end }}
{{- end -}}

{{- define "codelab.secrets.mount" -}}
- name: secrets
  mountPath: /run/secrets/codelab
  readOnly: true
{{- range $place, $_ := include "codelab.authorities" . | fromYaml }}
- name: {{ $place }}
  mountPath: /etc/codelab/{{ $place }}
  readOnly: true
{{- end }}
{{- end -}}

{{/* Of what a component's files hold: made by the chart, or found in the cluster. */}}
{{- define "codelab.secrets.checksum" -}}
{{- $root := .root -}}
{{- $contents := dict -}}
{{- range include "codelab.secret.files" . | fromYamlArray -}}
{{- $secret := dict "root" $root "secret" .secret -}}
{{- if include "codelab.secret.isMade" $secret -}}
{{- $_ := set $contents .path (get (include "codelab.secret.data" $secret | fromYaml) .key) -}}
{{- else if include "codelab.secret.isUsed" $secret -}}
{{- $name := include "codelab.secret.name" $secret -}}
{{- $_ := set $contents .path (list $name (get ((lookup "v1" "Secret" $root.Release.Namespace $name).data | default dict) .key)) -}}
{{- end -}}
{{- end -}}
{{- toYaml $contents | sha256sum -}}
{{- end -}}
