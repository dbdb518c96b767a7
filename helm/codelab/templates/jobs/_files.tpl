{{/* The pods that back up and restore SQLite files: the program itself, the volume of a service and that of its backups; (root, component, of: the service). */}}

{{- define "codelab.files.pod" -}}
{{- $beside := ternary .of "" (eq .component "backup") -}}
{{- $pod := dict "user" .root.Values.runAsUser "containers" (include "codelab.files.container" .) "volumes" (include "codelab.files.volumes" .) "restartPolicy" "Never" "beside" $beside -}}
{{- include "codelab.pod" (merge $pod (dict "root" .root "component" .component)) -}}
{{- end -}}

{{- define "codelab.files.container" -}}
{{- $values := .root.Values -}}
{{- $workload := index $values.workloads .component -}}
{{- $serve := (index $values.topology .of).serve -}}
- name: {{ .component | quote }}
  image: {{ include "codelab.image" .root | quote }}
  imagePullPolicy: {{ $values.image.pullPolicy | quote }}
  {{- if eq .component "backup" }}
  args: [backup, {{ $serve }}, --to, /backups, --keep-days, {{ $values.backup.keepDays | int | quote }}]
  {{- else }}
  args: [restore, {{ $serve }}, --from, /backups, --backup, {{ $values.restore.from | quote }}]
  {{- end }}
  {{- with include "codelab.container.env" (dict "root" .root "component" .component "env" "[{name: CODELAB_DATA_DIR, value: /var/lib/codelab}]") | trim }}
  {{- . | nindent 2 }}
  {{- end }}
  resources:
    {{- toYaml $workload.resources | nindent 4 }}
  {{- include "codelab.container.security" . | nindent 2 }}
  volumeMounts:
    - name: data
      mountPath: /var/lib/codelab
    - name: backups
      mountPath: /backups
    - name: tmp
      mountPath: /tmp
    {{- with $workload.extraVolumeMounts }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end -}}

{{- define "codelab.files.volumes" -}}
- name: data
  persistentVolumeClaim:
    claimName: {{ include "codelab.name" (dict "root" .root "component" .of) }}-data
- name: backups
  persistentVolumeClaim:
    claimName: {{ .root.Values.backup.existingClaim | default (include "codelab.files.claim" .) | quote }}
{{ include "codelab.volume.empty" (dict "name" "tmp" "size" "64Mi") }}
{{- end -}}

{{- define "codelab.files.claim" -}}
{{- printf "%ss-%s" (include "codelab.name" (dict "root" .root "component" "backup")) (index .root.Values.topology .of).serve -}}
{{- end -}}
