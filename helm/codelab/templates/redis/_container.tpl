{{- define "codelab.redis.container" -}}
{{- $workload := .root.Values.workloads.redis -}}
{{- $port := .root.Values.topology.redis.port -}}
- name: redis
  image: {{ include "codelab.reference" .root.Values.redis.image | quote }}
  imagePullPolicy: {{ .root.Values.image.pullPolicy | quote }}
  # What is here is shared for a while and can be lost (limits, leases, caches): nothing is written to a disk. noeviction: a lease is never dropped.
  command:
    - redis-server
    - --port
    - {{ $port | quote }}
    - --dir
    - /data
    - --save
    - ""
    - --appendonly
    - "no"
    - --maxmemory
    - {{ .root.Values.redis.builtin.maxMemory }}
    - --maxmemory-policy
    - noeviction
    - --aclfile
    - /run/secrets/codelab/users.acl
  ports:
    - name: redis
      containerPort: {{ $port }}
      protocol: TCP
  {{- with include "codelab.container.env" (dict "root" .root "component" "redis" "env" "[]") | trim }}
  {{- . | nindent 2 }}
  {{- end }}
  startupProbe:
    tcpSocket:
      port: redis
    periodSeconds: 2
    timeoutSeconds: 2
    failureThreshold: 30
  livenessProbe:
    tcpSocket:
      port: redis
    periodSeconds: 20
    timeoutSeconds: 5
    failureThreshold: 6
  readinessProbe:
    exec:
      command:
        - sh
        - -c
        - REDISCLI_AUTH=$(cat /run/secrets/codelab/redis-password) redis-cli -p {{ $port }} ping | grep -q PONG
    periodSeconds: 5
    timeoutSeconds: 3
    failureThreshold: 2
  resources:
    {{- toYaml $workload.resources | nindent 4 }}
  {{- include "codelab.container.security" . | nindent 2 }}
  volumeMounts:
    {{- include "codelab.secrets.mount" . | nindent 4 }}
    - name: data
      mountPath: /data
    {{- with $workload.extraVolumeMounts }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end -}}

{{- define "codelab.redis.volumes" -}}
{{ include "codelab.secrets.volume" . }}
{{ include "codelab.volume.empty" (dict "name" "data" "size" "64Mi") }}
{{- end -}}
