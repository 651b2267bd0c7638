import type { Writer } from './writer.ts'

/** Of dimensions that an invocation has set, by the index of their names: as many as there are combinations that occur. */
export class Shapes {
  readonly #writer: Writer
  readonly #names: readonly string[]
  /** By a bit for each name. */
  readonly #shapes = new Map<number, unknown>()

  constructor(writer: Writer, names: readonly string[]) {
    this.#writer = writer
    this.#names = names
  }

  of(dimensions: readonly (string | undefined)[]): unknown {
    let mask = 0
    for (let index = 0; index < dimensions.length; index++) if (dimensions[index] !== undefined) mask |= 1 << index
    const known = this.#shapes.get(mask)
    if (known !== undefined) return known
    const set = this.#names.flatMap((_, index) => (dimensions[index] === undefined ? [] : [index]))
    const shape = this.#writer.shape({ names: this.#names, sets: [set] })
    if (this.#shapes.size < most) this.#shapes.set(mask, shape)
    return shape
  }
}
const most = 500
