{{/* The name that all things of a release begin with, at most 40 letters. */}}
{{- define "broadsheet.name" -}}
{{- if contains "broadsheet" .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-broadsheet" .Release.Name | trunc 40 | trimSuffix "-" }}{{ end }}
{{- end }}

{{/* Labels by which one part is found; they never change. Takes a dict: root, part. */}}
{{- define "broadsheet.selector" -}}
app.kubernetes.io/name: broadsheet
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .part }}
{{- end }}

{{- define "broadsheet.labels" -}}
{{ include "broadsheet.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{- define "broadsheet.image" -}}
{{- with .Values.image }}{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}{{ end }}
{{- end }}

{{- define "broadsheet.secret" -}}
{{ .Values.secrets.existing | default (include "broadsheet.name" .) }}
{{- end }}

{{- define "broadsheet.claim" -}}
{{ .Values.home.existingClaim | default (printf "%s-home" (include "broadsheet.name" .)) }}
{{- end }}

{{/* The settings of every process. Secrets are files; whatever the installation says besides comes last. */}}
{{- define "broadsheet.env" -}}
{{- $name := include "broadsheet.name" . -}}
{{- $keys := .Values.secrets.keys -}}
- {name: BROADSHEET_BASE_URL, value: {{ .Values.baseUrl | quote }}}
- {name: BROADSHEET_HOSTS, value: {{ join "," (prepend .Values.hosts (urlParse .Values.baseUrl).hostname) | quote }}}
- {name: BROADSHEET_BEHIND_PROXY, value: {{ ternary "1" "" .Values.behindProxy | quote }}}
- {name: BROADSHEET_LOG_LEVEL, value: {{ .Values.logLevel | quote }}}
- {name: BROADSHEET_SECRET_KEY_FILE, value: /run/secrets/broadsheet/{{ $keys.secretKey }}}
{{- if eq .Values.database.kind "external" }}
- {name: BROADSHEET_DATABASE_URL_FILE, value: /run/secrets/broadsheet/{{ $keys.databaseUrl }}}
{{- else }}
- {name: BROADSHEET_DATABASE_URL, value: "postgresql://broadsheet@{{ $name }}-postgresql:5432/broadsheet"}
{{- end }}
{{- with $keys.databasePassword }}
- {name: BROADSHEET_DATABASE_PASSWORD_FILE, value: /run/secrets/broadsheet/{{ . }}}
{{- end }}
{{- if eq .Values.broker.kind "external" }}
- {name: BROADSHEET_BROKER_URL_FILE, value: /run/secrets/broadsheet/{{ $keys.brokerUrl }}}
{{- else if eq .Values.broker.kind "bundled" }}
- name: BROKER_PASSWORD
  valueFrom: {secretKeyRef: {name: {{ include "broadsheet.secret" . }}, key: {{ $keys.brokerPassword }}}}
- {name: BROADSHEET_BROKER_URL, value: "amqp://broadsheet:$(BROKER_PASSWORD)@{{ $name }}-rabbitmq:5672//"}
{{- end }}
{{- with $keys.metricsToken }}
- {name: BROADSHEET_METRICS_TOKEN_FILE, value: /run/secrets/broadsheet/{{ . }}}
{{- end }}
{{- range $key, $value := .Values.env }}
- {name: {{ $key }}, value: {{ $value | toString | quote }}}
{{- end }}
{{- end }}

{{/* Security of a pod: no root, nothing to gain, and the group that owns the volume. */}}
{{- define "broadsheet.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
# Else every mount opens keys.json to the group, and the product refuses a key file that others may read.
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "broadsheet.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{/* A pod's scheduling, as the values say for all of them. */}}
{{- define "broadsheet.placing" -}}
serviceAccountName: {{ include "broadsheet.name" . }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- with .Values.pods }}
{{- with .priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- end }}

{{/* A Deployment of one command. Takes a dict: root, part, args, resources, replicas (absent: the autoscaler's), web. */}}
{{- define "broadsheet.process" -}}
{{- $ := .root }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "broadsheet.name" $ }}-{{ .part }}
  labels: {{- include "broadsheet.labels" . | nindent 4 }}
spec:
  {{- if hasKey . "replicas" }}
  replicas: {{ .replicas }}
  {{- end }}
  revisionHistoryLimit: 5
  selector:
    matchLabels: {{- include "broadsheet.selector" . | nindent 6 }}
  strategy:
    type: RollingUpdate
    rollingUpdate: {maxSurge: 1, maxUnavailable: 0}
  template:
    metadata:
      labels:
        {{- include "broadsheet.labels" . | nindent 8 }}
        {{- with $.Values.pods.labels }}{{ toYaml . | nindent 8 }}{{ end }}
      {{- $annotations := $.Values.pods.annotations }}
      {{- if not $.Values.secrets.existing }}
      {{- $annotations = merge (dict "checksum/secrets" (toYaml $.Values.secrets.create | sha256sum)) $annotations }}
      {{- end }}
      {{- with $annotations }}
      annotations: {{- toYaml . | nindent 8 }}
      {{- end }}
    spec:
      {{- include "broadsheet.placing" $ | nindent 6 }}
      securityContext: {{- include "broadsheet.podSecurity" $ | nindent 8 }}
      terminationGracePeriodSeconds: {{ $.Values.pods.terminationGracePeriodSeconds }}
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels: {{- include "broadsheet.selector" . | nindent 14 }}
      containers:
        - name: broadsheet
          image: {{ include "broadsheet.image" $ }}
          imagePullPolicy: {{ $.Values.image.pullPolicy }}
          args: {{ concat .args (list "--host" "0.0.0.0" "--port" "8000") | toJson }}
          env: {{- include "broadsheet.env" $ | nindent 12 }}
          ports: [{name: http, containerPort: 8000}]
          # Bringing the database to its release may take a while; a database that is away ends nobody.
          startupProbe: {httpGet: {path: /livez, port: http}, periodSeconds: 5, failureThreshold: 120}
          livenessProbe: {httpGet: {path: /livez, port: http}, periodSeconds: 15, timeoutSeconds: 5, failureThreshold: 4}
          readinessProbe: {httpGet: {path: /readyz, port: http}, periodSeconds: 10, timeoutSeconds: 4, failureThreshold: 2}
          {{- if .web }}
          # So long until no proxy sends anybody here any more
          lifecycle: {preStop: {exec: {command: [sleep, "5"]}}}
          {{- end }}
          resources: {{- toYaml .resources | nindent 12 }}
          securityContext: {{- include "broadsheet.containerSecurity" $ | nindent 12 }}
          volumeMounts:
            - {name: home, mountPath: /var/lib/broadsheet}
            - {name: tmp, mountPath: /tmp}
            - {name: secrets, mountPath: /run/secrets/broadsheet, readOnly: true}
      volumes:
        - name: home
          persistentVolumeClaim: {claimName: {{ include "broadsheet.claim" $ }}}
        - name: tmp
          emptyDir: {sizeLimit: {{ $.Values.pods.tmpSize }}}
        - name: secrets
          secret: {secretName: {{ include "broadsheet.secret" $ }}, defaultMode: 0440}
{{- end }}
