{{- define "codelab.keyRotation.container" -}}
{{- $workload := index .root.Values.workloads "key-rotation" -}}
{{- $rotation := .root.Values.keys.rotation -}}
- name: key-rotation
  image: {{ include "codelab.image" .root | quote }}
  imagePullPolicy: {{ .root.Values.image.pullPolicy | quote }}
  args: [admin, keys, rotate, --older-than, {{ $rotation.olderThan | int | quote }}, --signs-after, {{ $rotation.signsAfter | int | quote }}]
  {{- with include "codelab.container.env" (dict "root" .root "component" "key-rotation" "env" (include "codelab.keyRotation.env" .)) | trim }}
  {{- . | nindent 2 }}
  {{- end }}
  resources:
    {{- toYaml $workload.resources | nindent 4 }}
  {{- include "codelab.container.security" . | nindent 2 }}
  volumeMounts:
    {{- include "codelab.secrets.mount" . | nindent 4 }}
    {{- with $workload.extraVolumeMounts }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end -}}

{{- define "codelab.keyRotation.env" -}}
- {name: CODELAB_DATA_DIR, value: /var/lib/codelab}
- {name: CODELAB_AUTH_DATABASE_URL_FILE, value: /run/secrets/codelab/database-url}
{{- end -}}
