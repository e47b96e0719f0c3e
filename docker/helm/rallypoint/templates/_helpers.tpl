{{- define "rallypoint.name" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "rallypoint.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "rallypoint.labels" -}}
{{ include "rallypoint.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "rallypoint.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{/* "yes" where the nodes share a PostgreSQL. */}}
{{- define "rallypoint.shared" -}}
{{- if or .Values.database.url .Values.database.existingSecret -}}yes{{- end -}}
{{- end -}}

{{/* "yes" where pods take ports of their Kubernetes node. */}}
{{- define "rallypoint.ofHost" -}}
{{- if has .Values.clients.exposure (list "HostPort" "HostNetwork") -}}yes{{- end -}}
{{- end -}}

{{/* The clients' ports as name, number and protocol. */}}
{{- define "rallypoint.clientPorts" -}}
{{- $ports := list
  (dict "name" "nat-test" "port" 21115 "protocol" "TCP")
  (dict "name" "id" "port" 21116 "protocol" "TCP")
  (dict "name" "id-udp" "port" 21116 "protocol" "UDP")
  (dict "name" "relay" "port" 21117 "protocol" "TCP") -}}
{{- if .Values.clients.webSocket -}}
{{- $ports = concat $ports (list
  (dict "name" "id-ws" "port" 21118 "protocol" "TCP")
  (dict "name" "relay-ws" "port" 21119 "protocol" "TCP")) -}}
{{- end -}}
{{- if .Values.clients.api -}}
{{- $ports = append $ports (dict "name" "api" "port" 21114 "protocol" "TCP") -}}
{{- end -}}
{{- toYaml $ports -}}
{{- end -}}

{{/* Stops the installation where the values do not fit together. */}}
{{- define "rallypoint.check" -}}
{{- if and (gt (int .Values.replicas) 1) (not (include "rallypoint.shared" .)) -}}
{{- fail "replicas: more than one node needs a PostgreSQL that they share: set database.url or database.existingSecret" -}}
{{- end -}}
{{- if and .Values.database.url (not (regexMatch "^postgres(ql)?://" .Values.database.url)) -}}
{{- fail "database.url: write postgresql://user:password@host:5432/database; without it the node keeps SQLite on its volume" -}}
{{- end -}}
{{- end -}}
