import { writeLine } from '@fnware/core/extend'
import { type Level, type Levels, least, levelNamed, nearestLevel } from './level.ts'
import type { Writer } from './writer.ts'

/** Asks for the level at each invocation: of a parameter, which may change while the environment lives. */
export class ChosenLevel {
  readonly #select: (resources: never) => unknown
  readonly #floor: Level | undefined
  readonly #otherwise: Level
  readonly #warn: (text: string, fields: object) => void
  /** What was last given, and the level that it is: parsed once for many invocations. */
  #given: unknown = undefined
  #level: Level
  #warnedOf: unknown = undefined

  constructor(select: (resources: never) => unknown, { level, floor }: Levels, writer: Writer) {
    this.#select = select
    this.#floor = floor
    this.#otherwise = level
    this.#level = level
    this.#warn = (text, fields) => writeLine(writer.line('warn', text, undefined, {}, fields))
  }

  /** Where it gives no level, the last one that it gave holds; where it gives nothing, the ordinary one does. */
  of(ctx: object): Level {
    let given: unknown
    try {
      given = this.#select(ctx as never)
    } catch (error) {
      this.#refuse('thrown', 'failed', { error })
      return this.#level
    }
    if (given === this.#given) return this.#level
    const level = given === undefined ? this.#otherwise : typeof given === 'string' ? levelNamed(given) : undefined
    if (!level) {
      const text = typeof given === 'string'
      this.#refuse(text ? given : typeof given, `gave what is no level${text ? nearestLevel(given as string) : ''}`, {})
      return this.#level
    }
    this.#given = given
    this.#warnedOf = undefined
    this.#level = least(level, this.#floor)
    return this.#level
  }

  /** Once for each that it finds. */
  #refuse(what: unknown, did: string, fields: object) {
    if (this.#warnedOf === what) return
    this.#warnedOf = what
    this.#warn(`logger(): \`level\` ${did}: ${this.#level} holds`, fields)
  }
}
