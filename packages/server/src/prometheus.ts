export { type PrometheusOptions, prometheusHandler } from './prometheus-handler.ts'
