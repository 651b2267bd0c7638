export { type OpenTelemetryOptions, opentelemetry } from './opentelemetry/engine.ts'
