{{/* Pods. Every pod of the chart is made by codelab.pod, so that all fit Pod Security's `restricted`. */}}

{{/* A pod's metadata and spec, as a template of it: (root, component, user, containers, volumes, and perhaps restartPolicy, checksums). */}}
{{- define "codelab.pod" -}}
metadata:
  labels:
    {{- /* Not those of the chart's version: they would start new pods where nothing else changed. */ -}}
    {{- include "codelab.selector" . | nindent 4 }}
    app.kubernetes.io/part-of: codelab
    {{- with .root.Values.commonLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
    {{- with (index .root.Values.workloads .component).podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    {{- include "codelab.pod.annotations" . | nindent 4 }}
spec:
  {{- include "codelab.pod.spec" . | nindent 2 }}
{{- end -}}

{{- define "codelab.pod.spec" -}}
{{- $workload := index .root.Values.workloads .component -}}
serviceAccountName: {{ include "codelab.name" . | quote }}
automountServiceAccountToken: false
# Otherwise Kubernetes sets variables like CODELAB_GATEWAY_PORT, which are settings of the program.
enableServiceLinks: false
{{- with .restartPolicy }}
restartPolicy: {{ . | quote }}
{{- end }}
terminationGracePeriodSeconds: {{ .root.Values.terminationGracePeriodSeconds }}
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with include "codelab.pod.priority" . }}
priorityClassName: {{ . | quote }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: {{ .user | int64 }}
  runAsGroup: {{ .user | int64 }}
  fsGroup: {{ .user | int64 }}
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile:
    type: RuntimeDefault
{{- with $workload.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $workload.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with include "codelab.pod.placement" . | trim }}
{{- . | nindent 0 }}
{{- end }}
containers:
  {{- .containers | nindent 2 }}
volumes:
  {{- .volumes | nindent 2 }}
  {{- with $workload.extraVolumes }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{- define "codelab.pod.priority" -}}
{{- $workload := index .root.Values.workloads .component -}}
{{- if $workload.priorityClassName -}}
{{- $workload.priorityClassName -}}
{{- else if and .root.Values.priorityClass.create (index .root.Values.topology .component).port -}}
{{- include "codelab.priorityClass" .root -}}
{{- end -}}
{{- end -}}

{{/* Cluster-wide, hence with the namespace. */}}
{{- define "codelab.priorityClass" -}}
{{- printf "%s-%s" .Release.Namespace (include "codelab.fullname" .) -}}
{{- end -}}

{{/* Affinity and spread over zones; only what serves has more than one pod. `beside`: the component on whose node it has to be. */}}
{{- define "codelab.pod.placement" -}}
{{- $workload := index .root.Values.workloads .component -}}
{{- $serves := (index .root.Values.topology .component).serve -}}
{{- if $workload.affinity }}
affinity:
  {{- toYaml $workload.affinity | nindent 2 }}
{{- else if and $serves (eq $workload.antiAffinity "hard") }}
affinity:
  podAntiAffinity:
    requiredDuringSchedulingIgnoredDuringExecution:
      - topologyKey: kubernetes.io/hostname
        labelSelector:
          matchLabels:
            {{- include "codelab.selector" . | nindent 12 }}
{{- else if and $serves (eq $workload.antiAffinity "soft") }}
affinity:
  podAntiAffinity:
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 100
        podAffinityTerm:
          topologyKey: kubernetes.io/hostname
          labelSelector:
            matchLabels:
              {{- include "codelab.selector" . | nindent 14 }}
{{- end }}
{{- if and .beside (not $workload.affinity) }}
affinity:
  podAffinity:
    # One node only may mount the volume.
    requiredDuringSchedulingIgnoredDuringExecution:
      - topologyKey: kubernetes.io/hostname
        labelSelector:
          matchLabels:
            {{- include "codelab.selector" (dict "root" .root "component" .beside) | nindent 12 }}
{{- end }}
{{- if and $serves $workload.zoneSkew }}
topologySpreadConstraints:
  - maxSkew: {{ $workload.zoneSkew }}
    topologyKey: topology.kubernetes.io/zone
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "codelab.selector" . | nindent 8 }}
{{- end }}
{{- end -}}

{{/* What a pod reads that is not in its spec: a change of it starts new pods at the next upgrade. */}}
{{- define "codelab.pod.annotations" -}}
checksum/mounted: {{ include "codelab.secrets.checksum" . | quote }}
{{- with .checksums }}
{{ toYaml . }}
{{- end }}
{{- with (index .root.Values.workloads .component).podAnnotations }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "codelab.container.security" -}}
securityContext:
  allowPrivilegeEscalation: false
  privileged: false
  readOnlyRootFilesystem: true
  runAsNonRoot: true
  capabilities:
    drop: [ALL]
  seccompProfile:
    type: RuntimeDefault
{{- end -}}

{{/* Environment: the chart's, without those that extraEnv names, then extraEnv: (root, component, env: a YAML list). */}}
{{- define "codelab.container.env" -}}
{{- $extra := (index .root.Values.workloads .component).extraEnv -}}
{{- $given := list -}}
{{- range $extra -}}{{- $given = append $given .name -}}{{- end -}}
{{- $env := list -}}
{{- range .env | fromYamlArray -}}
{{- if not (has .name $given) -}}{{- $env = append $env . -}}{{- end -}}
{{- end -}}
{{- with concat $env $extra }}
env:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* An empty place to write: (name, size). */}}
{{- define "codelab.volume.empty" -}}
- name: {{ .name | quote }}
  emptyDir:
    sizeLimit: {{ .size | quote }}
{{- end -}}

{{/* Probes from the table: (root, component). Only readiness knows what a service depends on; startup and liveness ask nothing but the process itself. */}}
{{- define "codelab.probes" -}}
{{- $entry := index .root.Values.topology .component -}}
{{- /* The port opens once the databases are there and migrated: the start may take startTimeout and the steps. */ -}}
startupProbe:
  {{- include "codelab.probe" $entry.liveness | nindent 2 }}
  periodSeconds: 2
  timeoutSeconds: 2
  failureThreshold: {{ max 90 (div (add .root.Values.database.startTimeout 120) 2) }}
livenessProbe:
  {{- include "codelab.probe" $entry.liveness | nindent 2 }}
  periodSeconds: 20
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  {{- include "codelab.probe" $entry.readiness | nindent 2 }}
  periodSeconds: 5
  timeoutSeconds: 3
  failureThreshold: 2
{{- end -}}

{{- define "codelab.probe" -}}
httpGet:
  path: {{ . | quote }}
  port: http
{{- end -}}
