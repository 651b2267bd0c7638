export { handler } from './opentelemetry.ts'
