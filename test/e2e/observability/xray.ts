import { observed } from './stack.ts'

export const handler = observed()
