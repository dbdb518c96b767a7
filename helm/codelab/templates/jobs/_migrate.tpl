{{/* "true" at an upgrade that only now makes the database's Secret, and with it the database: the services apply the steps when it is there. Every
namespace has the account `default`: without it there is no cluster to ask, as in `helm template`. */}}
{{- define "codelab.migrate.isTooEarly" -}}
{{- $secret := include "codelab.secret.name" (dict "root" . "secret" "authDatabase") -}}
{{- if and .Release.IsUpgrade (lookup "v1" "ServiceAccount" .Release.Namespace "default") (not (lookup "v1" "Secret" .Release.Namespace $secret)) -}}true{{- end -}}
{{- end -}}

{{- define "codelab.migrate.container" -}}
{{- $workload := .root.Values.workloads.migrate -}}
- name: migrate
  image: {{ include "codelab.image" .root | quote }}
  imagePullPolicy: {{ .root.Values.image.pullPolicy | quote }}
  args: [migrate, up]
  {{- with include "codelab.container.env" (dict "root" .root "component" "migrate" "env" (include "codelab.migrate.env" .)) | trim }}
  {{- . | nindent 2 }}
  {{- end }}
  resources:
    {{- toYaml $workload.resources | nindent 4 }}
  {{- include "codelab.container.security" . | nindent 2 }}
  volumeMounts:
    {{- include "codelab.secrets.mount" . | nindent 4 }}
    - name: data
      mountPath: /var/lib/codelab
    {{- with $workload.extraVolumeMounts }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end -}}

{{- define "codelab.migrate.env" -}}
- {name: CODELAB_DATA_DIR, value: /var/lib/codelab}
- {name: CODELAB_AUTH_DATABASE_URL_FILE, value: /run/secrets/codelab/auth_db-url}
- {name: CODELAB_RUNTIME_DATABASE_URL_FILE, value: /run/secrets/codelab/agent_runtime-url}
{{- end -}}

{{- define "codelab.migrate.volumes" -}}
{{ include "codelab.secrets.volume" . }}
{{ include "codelab.volume.empty" (dict "name" "data" "size" "16Mi") }}
{{- end -}}
