import { opentelemetry } from '@fnware/tracer/opentelemetry'
import { traced } from './stack.ts'

export const handler = traced(opentelemetry())
