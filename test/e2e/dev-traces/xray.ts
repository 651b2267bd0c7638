import { traced } from './stack.ts'

export const handler = traced()
