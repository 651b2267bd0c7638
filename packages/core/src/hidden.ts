import { Finder } from './finder.ts'
import { formsOf } from './hidden-forms.ts'

/** What no log may show. On the global object, for a function that holds two copies of this package. */
interface Hidden {
  readonly values: Set<string>
  /** How often that has changed. */
  changes: number
}

const shared = Symbol.for('fnware.hidden')
const hidden = (): Hidden =>
  ((globalThis as Record<symbol, unknown>)[shared] ??= { values: new Set(), changes: 0 }) as Hidden

/** Shorter ones would be found in what has nothing to do with them. */
const shortest = 6
/** Those of a rotation stay for a while. The ones that were told first go first. */
const most = 1000
/** In characters of all of them. */
const longest = 1_000_000

/**
 * A port: values that are to appear in no log, under whatever key, also in a text, percent-encoded, escaped or in base64.
 * Those of fewer than six characters are not hidden; of the others the latest thousand are.
 */
export const hide = (secrets: Iterable<string>): void => {
  const state = hidden()
  const { values, changes } = state
  for (const secret of secrets) {
    if (secret.length < shortest) continue
    // What is told again is as young as what is new.
    if (!values.delete(secret)) state.changes++
    values.add(secret)
  }
  if (state.changes !== changes) trim(values)
}

const trim = (values: Set<string>) => {
  let length = 0
  for (const { length: more } of values) length += more
  for (const oldest of values) {
    if (values.size <= most && (length <= longest || values.size === 1)) return
    values.delete(oldest)
    length -= oldest.length
  }
}

/** Those of the hidden values that a text shows, in whatever form. */
export const hiddenIn = (text: string): readonly string[] => {
  if (hidden().values.size === 0) return none
  const found = finder().find(text)
  return found.length === 0 ? none : [...new Set(found.map(({ value }) => value))]
}
const none: readonly string[] = []

/** A text without the hidden values that it shows: the same, if there are none. */
export const withoutHidden = (text: string, instead = '[redacted]'): string => {
  if (hidden().values.size === 0) return text
  let kept = ''
  let from = 0
  for (const { start, end } of finder().find(text)) {
    kept += text.slice(from, start) + instead
    from = end
  }
  return from === 0 ? text : kept + text.slice(from)
}

let made: { readonly finder: Finder; readonly of: Hidden; readonly changes: number } | undefined

/** Made when the first text is looked through after a change. */
const finder = (): Finder => {
  const of = hidden()
  if (made?.of !== of || made.changes !== of.changes) {
    const finder = new Finder()
    for (const value of of.values)
      for (const form of formsOf(value)) if (form.length >= shortest) finder.add(form, value)
    finder.build()
    made = { finder, of, changes: of.changes }
  }
  return made.finder
}
