import { Finder } from './finder.ts'
import { type Found, type Hidden, type Shared, shared } from './hidden.ts'
import { formsOf } from './hidden-forms.ts'

/** Shorter ones would be found in what has nothing to do with them. */
const shortest = 6
/** Those of a rotation stay for a while. The ones that were told first go first. */
const most = 1000
/** In characters of all of them. */
const longest = 1_000_000

/**
 * A port: values that are to appear in no log, under whatever key, also in a text, percent-encoded, escaped or in base64.
 * Those of fewer than six characters, without the space round them, are not hidden; of the others the latest thousand are.
 */
export const hide = (secrets: Iterable<string>): void =>
  ((globalThis as Shared)[shared] ??= new HiddenValues()).add(secrets)

class HiddenValues implements Hidden {
  readonly #values = new Set<string>()
  /** Made when the first text is looked through after a change. */
  #finder: Finder | undefined = undefined

  add(secrets: Iterable<string>): void {
    for (const secret of secrets) {
      if (secret.trim().length < shortest) continue
      // What is told again is as young as what is new.
      if (!this.#values.delete(secret)) this.#finder = undefined
      this.#values.add(secret)
    }
    if (!this.#finder) this.#trim()
  }

  #trim() {
    let length = 0
    for (const { length: more } of this.#values) length += more
    for (const oldest of this.#values) {
      if (this.#values.size <= most && (length <= longest || this.#values.size === 1)) return
      this.#values.delete(oldest)
      length -= oldest.length
    }
  }

  find(text: string): readonly Found[] {
    this.#finder ??= this.#made()
    return this.#finder.find(text)
  }

  #made(): Finder {
    const finder = new Finder()
    for (const value of this.#values)
      for (const form of formsOf(value)) if (form.length >= shortest) finder.add(form, value)
    finder.build()
    return finder
  }
}
