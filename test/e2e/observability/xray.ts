import { xray } from '@fnware/tracer'
import { observed } from './stack.ts'

export const handler = observed(xray())
