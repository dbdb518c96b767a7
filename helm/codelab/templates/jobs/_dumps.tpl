{{/* The pods of backup and restore: PostgreSQL's own programs, a script, and the volume of the dumps; (root, component). */}}

{{- define "codelab.dumps.pod" -}}
{{- $containers := include "codelab.dumps.container" . -}}
{{- $volumes := include "codelab.dumps.volumes" . -}}
{{- $script := .root.Files.Get (printf "files/%s.sh" .component) -}}
{{- $pod := dict "user" 999 "containers" $containers "volumes" $volumes "restartPolicy" "Never" "checksums" (dict "checksum/script" (sha256sum $script)) -}}
{{- include "codelab.pod" (merge $pod (dict "root" .root "component" .component)) -}}
{{- end -}}

{{- define "codelab.dumps.container" -}}
{{- $workload := index .root.Values.workloads .component -}}
- name: {{ .component | quote }}
  image: {{ include "codelab.postgres.image" .root | quote }}
  imagePullPolicy: {{ .root.Values.image.pullPolicy | quote }}
  command: [bash, /scripts/{{ .component }}.sh]
  {{- with include "codelab.container.env" (dict "root" .root "component" .component "env" (include "codelab.dumps.env" .)) | trim }}
  {{- . | nindent 2 }}
  {{- end }}
  resources:
    {{- toYaml $workload.resources | nindent 4 }}
  {{- include "codelab.container.security" . | nindent 2 }}
  volumeMounts:
    {{- include "codelab.secrets.mount" . | nindent 4 }}
    - name: scripts
      mountPath: /scripts
      readOnly: true
    - name: backups
      mountPath: /backups
      {{- if eq .component "restore" }}
      readOnly: true
      {{- end }}
    - name: tmp
      mountPath: /tmp
    {{- with $workload.extraVolumeMounts }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end -}}

{{- define "codelab.dumps.env" -}}
- {name: BACKUPS, value: /backups}
- {name: SECRETS, value: /run/secrets/codelab}
{{- if eq .component "backup" }}
- {name: KEEP_DAYS, value: {{ .root.Values.backup.keepDays | quote }}}
{{- else }}
- {name: FROM, value: {{ .root.Values.restore.from | quote }}}
{{- end }}
{{- end -}}

{{- define "codelab.dumps.volumes" -}}
{{ include "codelab.secrets.volume" . }}
- name: scripts
  configMap:
    name: {{ include "codelab.name" (dict "root" .root "component" "backup") }}-scripts
- name: backups
  persistentVolumeClaim:
    claimName: {{ .root.Values.backup.existingClaim | default (printf "%ss" (include "codelab.name" (dict "root" .root "component" "backup"))) | quote }}
{{ include "codelab.volume.empty" (dict "name" "tmp" "size" "64Mi") }}
{{- end -}}
