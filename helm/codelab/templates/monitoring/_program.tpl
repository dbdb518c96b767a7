{{/*
The alerts from the program's own metrics (docs/guides/metrics.md), which a ServiceMonitor brings: `job` is the name of the Service.
Probes are no requests: what one of them hears is not an error. Event streams and completions last as long as a person or a model takes: their routes
have no part in latency.
*/}}
{{- define "codelab.alerts.program" -}}
{{- $jobs := printf "namespace=%q, job=~\"%s-(%s)\"" .Release.Namespace (include "codelab.fullname" .) (include "codelab.services" . | fromYamlArray | join "|") -}}
{{- $requests := printf "%s, http_route!~\"/metrics|(/api/v1)?/health.*\"" $jobs -}}
{{- $failed := printf "%s, http_response_status_code=~\"5..\"" $requests -}}
{{- $ours := "unavailable|timeout|failed|invalidAnswer|credentialsRefused|rateLimited" -}}
- alert: CodeLabMetricsMissing
  expr: 'up{{ printf "{%s}" $jobs }} == 0'
  for: 5m
  severity: warning
  summary: "The metrics of {{ "{{ $labels.pod }}" }} cannot be fetched."
{{- range $burn := list (dict "name" "Fast" "factor" "0.0144" "long" "1h" "short" "5m" "for" "2m" "severity" "critical") (dict "name" "Slow" "factor" "0.006" "long" "6h" "short" "30m" "for" "15m" "severity" "warning") }}
- alert: CodeLabErrors{{ $burn.name }}
  expr: |-
    sum by (job) (rate(http_server_request_duration_seconds_count{{ printf "{%s}[%s]" $failed $burn.long }}))
      / sum by (job) (rate(http_server_request_duration_seconds_count{{ printf "{%s}[%s]" $requests $burn.long }})) > {{ $burn.factor }}
    and sum by (job) (rate(http_server_request_duration_seconds_count{{ printf "{%s}[%s]" $failed $burn.short }}))
      / sum by (job) (rate(http_server_request_duration_seconds_count{{ printf "{%s}[%s]" $requests $burn.short }})) > {{ $burn.factor }}
  for: {{ $burn.for }}
  severity: {{ $burn.severity }}
  summary: "{{ "{{ $labels.job }}" }} answers {{ "{{ $value | humanizePercentage }}" }} of its requests with a server error."
{{- end }}
- alert: CodeLabSlow
  expr: |-
    histogram_quantile(0.99, sum by (job, le) (rate(http_server_request_duration_seconds_bucket{{ printf "{%s, http_route!~\"/sessions/{session_id}/events|/v1/chat/completions\"}" $requests }}[10m]))) > 2
    and sum by (job) (rate(http_server_request_duration_seconds_count{{ printf "{%s}" $jobs }}[10m])) > 0.1
  for: 10m
  severity: warning
  summary: "One in a hundred requests to {{ "{{ $labels.job }}" }} takes over 2 seconds."
- alert: CodeLabPoolExhausted
  expr: |-
    increase(db_client_connection_timeouts_total{{ printf "{%s}" $jobs }}[5m]) > 0
      or min_over_time(db_client_connection_pending_requests{{ printf "{%s}" $jobs }}[5m]) > 0
  for: 1m
  severity: critical
  summary: "{{ "{{ $labels.pod }}" }} waits for connections to PostgreSQL."
- alert: CodeLabStoreFails
  expr: |-
    sum by (job, db_system_name, error_type) (rate(db_client_operation_duration_seconds_count{{ printf "{%s, error_type=~\"connectionFailed|connectionLost|timeout|acquireTimeout|tooManyWaiters|untrustedServer|overloaded\"}" $jobs }}[5m])) > 0.05
  for: 5m
  severity: critical
  summary: "{{ "{{ $labels.job }}" }} cannot use {{ "{{ $labels.db_system_name }}" }}: {{ "{{ $labels.error_type }}" }}."
- alert: CodeLabLimitsUncounted
  expr: 'max by (job, limits) (codelab_rate_limit_store_away{{ printf "{%s}" $jobs }}) == 1'
  for: 2m
  severity: critical
  summary: "{{ "{{ $labels.job }}" }} cannot count its limits."
- alert: CodeLabEventsWait
  expr: |-
    max by (job) (codelab_outbox_lag_seconds{{ printf "{%s}" $jobs }}) > 60
      or sum by (job) (increase(codelab_outbox_failures_total{{ printf "{%s}" $jobs }}[10m])) > 5
  for: 5m
  severity: warning
  summary: "Domain events of {{ "{{ $labels.job }}" }} are not published."
- alert: CodeLabSessionsLost
  expr: |-
    sum by (job) (increase(codelab_session_leases_lost_total{{ printf "{%s}" $jobs }}[15m])) > 0
      or sum by (job) (increase(codelab_sessions_interrupted_total{{ printf "{%s}" $jobs }}[15m])) > 0
  for: 1m
  severity: warning
  summary: "Sessions lost their replica while it was at work."
- alert: CodeLabTurnsRefused
  expr: 'sum by (job) (increase(codelab_turns_refused_total{{ printf "{%s}" $jobs }}[10m])) > 0'
  for: 1m
  severity: warning
  summary: "As many turns run as may: messages are refused."
- alert: CodeLabTurnsFail
  expr: |-
    sum by (job) (rate(codelab_turn_duration_seconds_count{{ printf "{%s, outcome=~\"internal_error|model_unavailable|model_rejected|model_rate_limited|model_invalid_output|interrupted\"}" $jobs }}[15m]))
      / sum by (job) (rate(codelab_turn_duration_seconds_count{{ printf "{%s}" $jobs }}[15m])) > 0.1
  for: 10m
  severity: warning
  summary: "{{ "{{ $value | humanizePercentage }}" }} of all turns end without an answer."
- alert: CodeLabModelFails
  expr: |-
    sum by (gen_ai_provider_name, gen_ai_request_model) (rate(gen_ai_client_operation_duration_seconds_count{{ printf "{%s, error_type=~%q}" $jobs $ours }}[10m]))
      / sum by (gen_ai_provider_name, gen_ai_request_model) (rate(gen_ai_client_operation_duration_seconds_count{{ printf "{%s}" $jobs }}[10m])) > 0.2
  for: 5m
  severity: critical
  summary: "{{ "{{ $labels.gen_ai_provider_name }}" }} fails {{ "{{ $value | humanizePercentage }}" }} of the completions of {{ "{{ $labels.gen_ai_request_model }}" }}."
- alert: CodeLabPasswordsGuessed
  expr: 'sum by (job) (increase(codelab_sign_ins_total{{ printf "{%s, outcome=~\"refused|slowed_down\"}" $jobs }}[10m])) > 100'
  for: 5m
  severity: warning
  summary: "Over a hundred sign-ins were refused in ten minutes."
- alert: CodeLabSigningKeyOld
  expr: 'time() - max(codelab_signing_key_created_timestamp_seconds{{ printf "{%s} > 0" $jobs }}) > 15552000'
  for: 1h
  severity: warning
  summary: "The key that signs tokens is over 180 days old."
- alert: CodeLabFilesNearLimit
  expr: 'process_open_fds{{ printf "{%s}" $jobs }} / process_max_fds{{ printf "{%s}" $jobs }} > 0.8'
  for: 5m
  severity: critical
  summary: "{{ "{{ $labels.pod }}" }} has over 80 % of its file descriptors open."
{{- end -}}
