import type { Bundle } from './bundle.ts'
import { filesIn } from './shares.ts'

/** What may be in a bundle. */
export interface Contents {
  /** What it may import, or take as a built-in; otherwise nothing. */
  readonly imports?: readonly string[]
  /** Source files and packages of ours that must not be in it, such as `core/fresh.ts` and `http/`. */
  readonly without: readonly string[]
}

/** What no function carries: what loads undici (38 ms), what is slow to load or the user's choice, and our own tools. */
const never: readonly (string | RegExp)[] = [
  'testing/',
  'local/',
  'cli/',
  /\bnew (?:globalThis\.)?(?:Request|Response|Headers|FormData|WebSocket|EventSource)\b/,
  /\bResponse\.(?:json|redirect|error)\b/,
  /(?<=["'`])(?:node:https?|undici|zod|@aws-sdk\/[\w-]+|aws-xray-[\w-]+)(?=["'`/])/,
]

/** What is in a bundle and must not be. */
export const intruders = (bundle: Bundle, { imports = [], without }: Contents): string[] => {
  const files = filesIn(bundle)
  const found = (it: string | RegExp) =>
    typeof it === 'string' ? files.filter((file) => file.startsWith(it)) : (it.exec(bundle.text)?.slice(0, 1) ?? [])
  return [...bundle.imports, ...[...never, ...without].flatMap(found)].filter((it) => !imports.includes(it))
}
