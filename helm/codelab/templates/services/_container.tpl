{{- define "codelab.service.container" -}}
{{- $workload := index .root.Values.workloads .component -}}
{{- $entry := index .root.Values.topology .component -}}
- name: {{ .component | quote }}
  image: {{ include "codelab.image" .root | quote }}
  imagePullPolicy: {{ .root.Values.image.pullPolicy | quote }}
  args: [serve, {{ $entry.serve }}]
  ports:
    - name: http
      containerPort: {{ $entry.port }}
      protocol: TCP
  {{- with include "codelab.container.env" (dict "root" .root "component" .component "env" (include "codelab.settings" .)) | trim }}
  {{- . | nindent 2 }}
  {{- end }}
  {{- include "codelab.probes" . | nindent 2 }}
  lifecycle:
    preStop:
      sleep:
        seconds: {{ .root.Values.preStopSeconds }}
  resources:
    {{- toYaml $workload.resources | nindent 4 }}
  {{- include "codelab.container.security" . | nindent 2 }}
  volumeMounts:
    {{- if ne .component "website" }}
    {{- include "codelab.secrets.mount" . | nindent 4 }}
    - name: data
      mountPath: /var/lib/codelab
    {{- end }}
    - name: tmp
      mountPath: /tmp
    {{- if .hasScenario }}
    - name: scenario
      mountPath: /etc/codelab/scenario
      readOnly: true
    {{- end }}
    {{- with $workload.extraVolumeMounts }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end -}}

{{- define "codelab.service.volumes" -}}
{{- if ne .component "website" }}
{{ include "codelab.secrets.volume" . }}
{{- if .keepsData }}
- name: data
  persistentVolumeClaim:
    claimName: {{ include "codelab.name" . }}-data
{{- else }}
{{ include "codelab.volume.empty" (dict "name" "data" "size" "64Mi") }}
{{- end }}
{{- end }}
{{ include "codelab.volume.empty" (dict "name" "tmp" "size" "64Mi") }}
{{- if .hasScenario }}
- name: scenario
  configMap:
    name: {{ include "codelab.name" .}}-scenario
{{- end }}
{{- end -}}
