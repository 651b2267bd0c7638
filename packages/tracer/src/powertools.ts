export { powertools } from './powertools/engine.ts'
export type { PowertoolsTracer } from './powertools/instance.ts'
