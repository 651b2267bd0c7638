import { Tracer } from '@aws-lambda-powertools/tracer'
import { powertools } from '@fnware/tracer/powertools'
import { traced } from './stack.ts'

export const handler = traced(powertools(new Tracer({ serviceName: 'orders' })))
