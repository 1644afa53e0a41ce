export { type PrometheusOptions, prometheusHandler } from './telemetry/prometheus-handler.ts'
