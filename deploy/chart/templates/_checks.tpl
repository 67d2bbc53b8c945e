{{/* What cannot work is refused before anything is made, with what to do about it. */}}
{{- define "broadsheet.checks" -}}
{{- $secrets := .Values.secrets }}
{{- if not (regexMatch "^https?://[^/]+" .Values.baseUrl) }}
{{- fail "Say at which address readers reach the pages: --set baseUrl=https://reports.example.com" }}
{{- end }}
{{- if and $secrets.existing $secrets.create }}
{{- fail "Both secrets.existing and secrets.create are set. Leave one of them out." }}
{{- end }}
{{- if not (or $secrets.existing $secrets.create) }}
{{- fail "There are no secrets. Make a Secret (docs/how-to/run-on-kubernetes.md says with which keys) and name it: --set secrets.existing=broadsheet" }}
{{- end }}
{{- if not $secrets.existing }}
{{- if lt (len (get $secrets.create $secrets.keys.secretKey | default "")) 32 }}
{{- fail (printf "secrets.create.%s must have at least 32 characters that nobody knows: openssl rand -base64 48" $secrets.keys.secretKey) }}
{{- end }}
{{- range $what, $key := dict "database.kind=external" (ternary $secrets.keys.databaseUrl "" (eq .Values.database.kind "external")) "database.kind=bundled" (ternary $secrets.keys.databasePassword "" (eq .Values.database.kind "bundled")) "broker.kind=external" (ternary $secrets.keys.brokerUrl "" (eq .Values.broker.kind "external")) "broker.kind=bundled" (ternary $secrets.keys.brokerPassword "" (eq .Values.broker.kind "bundled")) }}
{{- if and $key (not (get $secrets.create $key)) }}
{{- fail (printf "%s needs secrets.create.%s." $what $key) }}
{{- end }}
{{- end }}
{{- end }}
{{- if and (eq .Values.database.kind "bundled") (not $secrets.keys.databasePassword) }}
{{- fail "database.kind=bundled needs its password in the Secret: name its key, --set secrets.keys.databasePassword=database_password" }}
{{- end }}
{{- $light := false }}{{- $heavy := false }}
{{- range $pool, $worker := .Values.workers }}
{{- if or $worker.autoscaling.enabled (gt (int $worker.replicas) 0) }}
{{- if ne $worker.only "heavy" }}{{ $light = true }}{{ end }}
{{- if ne $worker.only "light" }}{{ $heavy = true }}{{ end }}
{{- end }}
{{- end }}
{{- if not (and $light $heavy) }}
{{- fail "No pool of workers takes the light runs, or none the heavy ones. Give each one a pool with replicas, or one pool only: \"\"." }}
{{- end }}
{{- if and .Values.serviceMonitor.enabled (not $secrets.keys.metricsToken) }}
{{- fail "serviceMonitor needs a token: name its key in the Secret, --set secrets.keys.metricsToken=metrics_token" }}
{{- end }}
{{- if and (eq .Values.autoscaling.by "prometheus") (not .Values.autoscaling.prometheus.address) }}
{{- fail "autoscaling.by=prometheus needs autoscaling.prometheus.address." }}
{{- end }}
{{- end }}
