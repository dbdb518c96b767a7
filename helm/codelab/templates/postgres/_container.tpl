{{- define "codelab.postgres.container" -}}
{{- $workload := .root.Values.workloads.postgres -}}
- name: postgres
  image: {{ include "codelab.postgres.image" .root | quote }}
  imagePullPolicy: {{ .root.Values.image.pullPolicy | quote }}
  args: [postgres, -c, max_connections={{ include "codelab.postgres.connections" .root }}]
  ports:
    - name: postgres
      containerPort: {{ .root.Values.topology.postgres.port }}
      protocol: TCP
  {{- with include "codelab.container.env" (dict "root" .root "component" "postgres" "env" (include "codelab.postgres.env" .)) | trim }}
  {{- . | nindent 2 }}
  {{- end }}
  # The first start makes the databases: it may take a while on a slow volume.
  startupProbe:
    tcpSocket:
      port: postgres
    periodSeconds: 2
    timeoutSeconds: 2
    failureThreshold: 150
  # A server that recovers after a crash answers no query yet, and must not be killed for it.
  livenessProbe:
    tcpSocket:
      port: postgres
    periodSeconds: 20
    timeoutSeconds: 5
    failureThreshold: 6
  readinessProbe:
    exec:
      command: [pg_isready, --host=127.0.0.1, --username=postgres, --port={{ .root.Values.topology.postgres.port }}]
    periodSeconds: 5
    timeoutSeconds: 3
    failureThreshold: 3
  resources:
    {{- toYaml $workload.resources | nindent 4 }}
  {{- include "codelab.container.security" . | nindent 2 }}
  volumeMounts:
    {{- include "codelab.secrets.mount" . | nindent 4 }}
    - name: data
      mountPath: /var/lib/postgresql/data
    - name: run
      mountPath: /var/run/postgresql
    - name: tmp
      mountPath: /tmp
    - name: init
      mountPath: /docker-entrypoint-initdb.d
      readOnly: true
    {{- with $workload.extraVolumeMounts }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end -}}

{{- define "codelab.postgres.env" -}}
- {name: POSTGRES_PASSWORD_FILE, value: /run/secrets/codelab/postgres-password}
- {name: POSTGRES_INITDB_ARGS, value: "--auth-host=scram-sha-256 --encoding=UTF8"}
- {name: PGDATA, value: /var/lib/postgresql/data/pgdata}
- {name: PGPORT, value: {{ .root.Values.topology.postgres.port | quote }}}
{{- end -}}

{{- define "codelab.postgres.volumes" -}}
{{ include "codelab.secrets.volume" . }}
{{ include "codelab.volume.empty" (dict "name" "run" "size" "16Mi") }}
{{ include "codelab.volume.empty" (dict "name" "tmp" "size" "64Mi") }}
- name: init
  configMap:
    name: {{ include "codelab.name" . }}-init
{{- end -}}
