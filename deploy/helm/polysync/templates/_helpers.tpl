{{- define "polysync.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "polysync.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains (include "polysync.name" .) .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "polysync.name" .) | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "polysync.selector" -}}
app.kubernetes.io/name: {{ include "polysync.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "polysync.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "polysync.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{- define "polysync.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "polysync.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "polysync.image" -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}

{{- define "polysync.manifests" -}}
{{- default (printf "%s-manifests" (include "polysync.fullname" .)) .Values.manifests.existingConfigMap -}}
{{- end -}}

{{- define "polysync.secret" -}}
{{- default (include "polysync.fullname" .) .Values.secrets.existingSecret -}}
{{- end -}}

{{- /* Keys that the mounted secret surely has: of one of ours those that are filled, of yours those that are named. */ -}}
{{- define "polysync.hasTargetPassword" -}}
{{- if or .Values.secrets.targetPassword (and .Values.secrets.existingSecret .Values.secrets.targetPasswordKey) -}}yes{{- end -}}
{{- end -}}

{{- define "polysync.hasJournal" -}}
{{- if or .Values.secrets.journalDsn (and .Values.secrets.existingSecret .Values.secrets.journalDsnKey) -}}yes{{- end -}}
{{- end -}}

{{- /* The manifests as they are read here, {files: {NAME: MANIFEST}}; one that is no YAML ends the rendering. */ -}}
{{- define "polysync.read" -}}
{{- $read := dict -}}
{{- range $name, $text := .Values.manifests.files -}}
{{- $manifest := fromYaml $text -}}
{{- if hasKey $manifest "Error" -}}
{{- fail (printf "manifests.files: %s is not YAML: %s" $name (get $manifest "Error")) -}}
{{- end -}}
{{- $_ := set $read $name $manifest -}}
{{- end -}}
{{- toYaml (dict "files" $read) -}}
{{- end -}}

{{- /* Files that the nodes run: those with a target. */ -}}
{{- define "polysync.nodeFiles" -}}
{{- $files := list -}}
{{- if .Values.manifests.existingConfigMap -}}
{{- $files = .Values.manifests.existingFiles -}}
{{- else -}}
{{- range $name, $manifest := (include "polysync.read" . | fromYaml).files -}}
{{- if hasKey $manifest "target" -}}
{{- $files = append $files $name -}}
{{- if and (gt (int $.Values.node.replicas) 1) (eq $.Values.node.role "embedded") (not (hasKey $manifest "kafka")) -}}
{{- fail (printf "manifests.files: %s has no section 'kafka', so one node alone can run it: set node.replicas to 1, node.role to cluster, or let its changes go through Kafka" $name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toYaml (dict "files" $files) -}}
{{- end -}}

{{- /* Files that the capture runs: those that say kafka.capture: separate. */ -}}
{{- define "polysync.captureFiles" -}}
{{- $files := list -}}
{{- if .Values.manifests.existingConfigMap -}}
{{- $files = .Values.capture.existingFiles -}}
{{- else -}}
{{- range $name, $manifest := (include "polysync.read" . | fromYaml).files -}}
{{- if eq "separate" (toString (dig "kafka" "capture" "" $manifest)) -}}
{{- $files = append $files $name -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toYaml (dict "files" $files) -}}
{{- end -}}

{{- /* What both kinds of pod have in their container. */ -}}
{{- define "polysync.env" -}}
- name: POLYSYNC_API
  value: http://0.0.0.0:7710
# within the cluster's network, which the network policy narrows; TLS is the ingress's or the mesh's
- name: POLYSYNC_API_INSECURE
  value: "true"
- name: POLYSYNC_STATE
  value: /tmp/polysync
- name: MALLOC_ARENA_MAX
  value: "2"
{{- if .Values.secrets.sourcePasswordKey }}
- name: PGPASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ include "polysync.secret" . }}
      key: {{ .Values.secrets.sourcePasswordKey }}
      optional: true
{{- end }}
{{- if .Values.secrets.apiTokenKey }}
- name: POLYSYNC_API_TOKEN_FILE
  value: /run/secrets/polysync/{{ .Values.secrets.apiTokenKey }}
{{- end }}
{{- end -}}

{{- define "polysync.probes" -}}
startupProbe:
  httpGet: { path: /health/live, port: http }
  {{- toYaml .Values.probes.startup | nindent 2 }}
livenessProbe:
  httpGet: { path: /health/live, port: http }
  {{- toYaml .Values.probes.liveness | nindent 2 }}
readinessProbe:
  httpGet: { path: /health/ready, port: http }
  {{- toYaml .Values.probes.readiness | nindent 2 }}
{{- end -}}

{{- define "polysync.mounts" -}}
- name: manifests
  mountPath: /etc/polysync/pipelines
  readOnly: true
- name: secrets
  mountPath: /run/secrets/polysync
  readOnly: true
- name: tmp
  mountPath: /tmp
{{- end -}}

{{- define "polysync.volumes" -}}
- name: manifests
  configMap:
    name: {{ include "polysync.manifests" . }}
- name: secrets
  secret:
    secretName: {{ include "polysync.secret" . }}
    # 0440
    defaultMode: 288
- name: tmp
  emptyDir:
    medium: Memory
    sizeLimit: 16Mi
{{- end -}}

{{- /* What a pod is started anew for. */ -}}
{{- define "polysync.checksums" -}}
checksum/manifests: {{ toYaml .Values.manifests | sha256sum }}
checksum/secrets: {{ toYaml .Values.secrets | sha256sum }}
{{- end -}}
