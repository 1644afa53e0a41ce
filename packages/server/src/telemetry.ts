export { type OpenTelemetryOptions, openTelemetry } from './telemetry/open-telemetry.ts'
