{{/* The alerts: from the metrics of kube-state-metrics, kubelet (cAdvisor) and cert-manager, which know nothing of the program's inside. */}}
{{- define "codelab.alerts" -}}
{{- $name := include "codelab.fullname" . -}}
{{- $namespace := printf "namespace=%q" .Release.Namespace -}}
{{- $services := printf "%s-(%s)" $name (include "codelab.services" . | fromYamlArray | join "|") -}}
{{- $pods := printf "%s, pod=~\"%s-.*\"" $namespace $name -}}
{{- $deployments := printf "%s, deployment=~%q" $namespace $services -}}
- alert: CodeLabServiceDown
  expr: 'kube_deployment_status_replicas_available{{ printf "{%s}" $deployments }} == 0'
  for: 2m
  severity: critical
  summary: "{{ "{{ $labels.deployment }}" }} has no pod that is ready."
- alert: CodeLabReplicasMissing
  expr: |-
    kube_deployment_spec_replicas{{ printf "{%s}" $deployments }}
      - kube_deployment_status_replicas_available{{ printf "{%s}" $deployments }} > 0
  for: 15m
  severity: warning
  summary: "{{ "{{ $labels.deployment }}" }} has fewer ready pods than it asks for."
- alert: CodeLabPodRestarts
  expr: 'increase(kube_pod_container_status_restarts_total{{ printf "{%s}" $pods }}[1h]) > 3'
  for: 5m
  severity: warning
  summary: "{{ "{{ $labels.pod }}" }} restarts again and again."
- alert: CodeLabMemoryNearLimit
  expr: |-
    max by (pod, container) (container_memory_working_set_bytes{{ printf "{%s, container!=\"\"}" $pods }})
      / max by (pod, container) (kube_pod_container_resource_limits{{ printf "{%s, resource=\"memory\"}" $pods }}) > 0.9
  for: 15m
  severity: warning
  summary: "{{ "{{ $labels.pod }}" }} uses over 90 % of its memory limit."
- alert: CodeLabThrottled
  expr: |-
    sum by (pod) (rate(container_cpu_cfs_throttled_periods_total{{ printf "{%s}" $pods }}[5m]))
      / sum by (pod) (rate(container_cpu_cfs_periods_total{{ printf "{%s}" $pods }}[5m])) > 0.25
  for: 15m
  severity: warning
  summary: "{{ "{{ $labels.pod }}" }} waits for CPU in over a quarter of its periods."
- alert: CodeLabVolumeAlmostFull
  expr: |-
    kubelet_volume_stats_available_bytes{{ printf "{%s, persistentvolumeclaim=~\".*%s-.*\"}" $namespace $name }}
      / kubelet_volume_stats_capacity_bytes{{ printf "{%s, persistentvolumeclaim=~\".*%s-.*\"}" $namespace $name }} < 0.1
  for: 10m
  severity: critical
  summary: "{{ "{{ $labels.persistentvolumeclaim }}" }} is over 90 % full."
- alert: CodeLabJobFailed
  expr: 'kube_job_status_failed{{ printf "{%s, job_name=~\"%s-(migrate|backup|restore|key-rotation).*\"}" $namespace $name }} > 0'
  for: 1m
  severity: warning
  summary: "{{ "{{ $labels.job_name }}" }} failed."
{{- $scaled := list -}}
{{- range $component := include "codelab.services" . | fromYamlArray -}}
{{- if (index $.Values.workloads $component).autoscaling.enabled -}}{{- $scaled = append $scaled $component -}}{{- end -}}
{{- end -}}
{{- with $scaled }}
{{- $autoscalers := printf "{%s, horizontalpodautoscaler=~\"%s-(%s)\"}" $namespace $name (join "|" .) }}
- alert: CodeLabScaledToMaximum
  expr: |-
    kube_horizontalpodautoscaler_status_current_replicas{{ $autoscalers }}
      >= kube_horizontalpodautoscaler_spec_max_replicas{{ $autoscalers }}
  for: 30m
  severity: warning
  summary: "{{ "{{ $labels.horizontalpodautoscaler }}" }} has as many replicas as it may have."
{{- end }}
{{- if .Values.backup.enabled }}
{{- $cronJob := printf "{%s, cronjob=~\"%s-backup(-auth|-runtime)?\"}" $namespace $name }}
- alert: CodeLabBackupOverdue
  expr: |-
    time() - kube_cronjob_status_last_successful_time{{ $cronJob }} > 93600
      or (time() - kube_cronjob_created{{ $cronJob }} > 93600 unless kube_cronjob_status_last_successful_time{{ $cronJob }})
  for: 10m
  severity: critical
  summary: "The last dump of the databases is older than 26 hours, or there is none."
{{- end }}
{{- if and .Values.ingress.enabled .Values.ingress.clusterIssuer }}
- alert: CodeLabCertificateExpires
  expr: 'certmanager_certificate_expiration_timestamp_seconds{{ printf "{%s, name=%q}" $namespace .Values.ingress.tlsSecret }} - time() < 604800'
  for: 1h
  severity: critical
  summary: "The certificate of {{ .Values.ingress.host }} expires within a week and was not renewed."
{{- end }}
{{- end -}}
