import { opentelemetry } from '@fnware/tracer/opentelemetry'
import { observed } from './stack.ts'

export const handler = observed(opentelemetry())
