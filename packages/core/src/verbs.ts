import { finish } from './answering.ts'
import { input, output } from './builder.ts'
import { finishPlain } from './plain.ts'
import type { Verbs } from './source.ts'

/** The verbs of sources that answer a whole event. */
export const verbs = { handle: finish, input, output } satisfies Verbs as Verbs

/** The verbs of a chain without a source. */
export const plainVerbs = { handle: finishPlain, input, output } satisfies Verbs as Verbs
