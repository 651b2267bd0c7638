import type { Case, Mode } from './case.ts'
import { observe } from './observe.ts'

/** Environments at a time: more would be late for their own timeouts. */
const places = 4

const waiting: (() => void)[] = []
let free = places

async function inTurn<T>(run: () => Promise<T>): Promise<T> {
  if (free > 0) free--
  else await new Promise<void>((turn) => waiting.push(turn))
  try {
    return await run()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else free++
  }
}

const transcripts = new Map<string, Promise<string[]>>()

/** The transcript of a case under aws-lambda-ric, or under our own client when no path is given. Made once. */
export function seen(each: Case, mode: Mode, ric?: string): Promise<string[]> {
  const key = `${each.name}\n${mode}\n${ric ?? ''}`
  let transcript = transcripts.get(key)
  if (!transcript) {
    transcript = inTurn(() => observe(each, mode, ric))
    transcripts.set(key, transcript)
  }
  return transcript
}
