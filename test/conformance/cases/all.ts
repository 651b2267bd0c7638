import type { Case } from '../case.ts'
import { answers } from './answers.ts'
import { logs } from './console.ts'
import { contexts } from './context.ts'
import { ends } from './ends.ts'
import { errors } from './errors.ts'
import { finished } from './fnware.ts'
import { init } from './init.ts'
import { streams } from './streams.ts'
import { together } from './together.ts'

export const groups: Readonly<Record<string, readonly Case[]>> = {
  'What goes in and out': answers,
  'Errors that are thrown': errors,
  'Finding and loading a function': init,
  Ends: ends,
  Streaming: streams,
  'The log': logs,
  'What a function is told': contexts,
  'Invocations at once': together,
  'Finished functions': finished,
}
