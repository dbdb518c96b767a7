{{- define "codelab.turnTest.container" -}}
{{- $workload := index .root.Values.workloads "turn-test" -}}
- name: turn-test
  image: {{ include "codelab.image" .root | quote }}
  imagePullPolicy: {{ .root.Values.image.pullPolicy | quote }}
  args: [chat, --workspace, /workspace, --password-from-env, Say hello.]
  {{- with include "codelab.container.env" (dict "root" .root "component" "turn-test" "env" (include "codelab.turnTest.env" .)) | trim }}
  {{- . | nindent 2 }}
  {{- end }}
  resources:
    {{- toYaml $workload.resources | nindent 4 }}
  {{- include "codelab.container.security" . | nindent 2 }}
  volumeMounts:
    {{- include "codelab.secrets.mount" . | nindent 4 }}
    - name: workspace
      mountPath: /workspace
    {{- with $workload.extraVolumeMounts }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end -}}

{{- define "codelab.turnTest.env" -}}
- {name: HOME, value: /workspace}
- {name: CODELAB_AUTH_URL, value: {{ include "codelab.url" (dict "root" .root "component" "auth-service") }}}
- {name: CODELAB_GATEWAY_URL, value: {{ include "codelab.url" (dict "root" .root "component" "gateway") }}}
- {name: CODELAB_USERNAME, value: {{ .root.Values.auth.administrator | quote }}}
- {name: CODELAB_PASSWORD_FILE, value: /run/secrets/codelab/administrator-password}
{{- end -}}

{{- define "codelab.turnTest.volumes" -}}
{{ include "codelab.secrets.volume" . }}
{{ include "codelab.volume.empty" (dict "name" "workspace" "size" "16Mi") }}
{{- end -}}
