/** Where a text shows something, and of which value that is a form. */
export interface Found {
  readonly start: number
  readonly end: number
  readonly value: string
}

/** What no log may show. Whoever hides something brings it: what nobody hides is not looked for. */
export interface Hidden {
  add(values: Iterable<string>): void
  find(text: string): readonly Found[]
}

/** On the global object, for a function that holds two copies of this package. */
export const shared: unique symbol = Symbol.for('fnware.hidden') as never
export interface Shared {
  [shared]?: Hidden
}

const none: readonly never[] = []

/** Those of the hidden values that a text shows, in whatever form. */
export const hiddenIn = (text: string): readonly string[] => {
  const found = (globalThis as Shared)[shared]?.find(text) ?? none
  return found.length === 0 ? none : [...new Set(found.map(({ value }) => value))]
}

/** A text without the hidden values that it shows: the same, if there are none. */
export const withoutHidden = (text: string, instead = '[redacted]'): string => {
  let kept = ''
  let from = 0
  for (const { start, end } of (globalThis as Shared)[shared]?.find(text) ?? none) {
    kept += text.slice(from, start) + instead
    from = end
  }
  return from === 0 ? text : kept + text.slice(from)
}
