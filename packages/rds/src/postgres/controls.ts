import { bareOf } from '../pinning.ts'

/** Whether a statement, or one of several in a text, begins or ends a transaction. */
export const controlsTransaction = (text: string): boolean => {
  if (!mentions.test(text)) return false
  const bare = bareOf(text)
  return begins.test(bare) || (follows.test(bare) && !/\bbegin\s+atomic\b/.test(bare))
}

const words =
  '(?:begin|start\\s+transaction|commit|end|abort|rollback(?!\\s+(?:(?:work|transaction)\\s+)?to\\b)|prepare\\s+transaction)\\b'
const begins = new RegExp(`^\\s*${words}`)
const follows = new RegExp(`;\\s*${words}`)
/** Most statements have none of them, and are not taken apart. */
const mentions = /\b(?:begin|start|commit|end|abort|rollback|prepare)\b/i
