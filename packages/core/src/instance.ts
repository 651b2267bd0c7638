import { toError } from './errors.ts'
import type { Kept } from './fresh.ts'
import type { AnyResource } from './plan.ts'
import type { Init } from './resource.ts'
import { settledWithin } from './within.ts'

/** A resource of this environment: at most one value at a time, made when what it names is there. */
export class Instance {
  readonly resource: AnyResource
  /** The resources before it, which alone it may see. */
  readonly scope: ReadonlyMap<string, Instance>
  readonly kept: Kept[] = []
  value: unknown
  made = false
  #making: Promise<void> | undefined
  #startedAt = 0
  #attempts = 0
  #failures = 0
  #retryAt = 0
  #error: unknown

  constructor(resource: AnyResource, scope: ReadonlyMap<string, Instance>) {
    this.resource = resource
    this.scope = scope
  }

  /** One attempt at a time, shared by all who wait. What failed is tried again when next asked for, with back-off. */
  make(): Promise<void> {
    if (this.made) return Promise.resolve()
    const now = Date.now()
    if (this.#making && now - this.#startedAt < attemptLimit) return this.#making
    if (now < this.#retryAt) return Promise.reject(this.#error)
    this.#startedAt = now
    const making: Promise<void> = this.#attempt(++this.#attempts).finally(() => {
      if (this.#making === making) this.#making = undefined
    })
    this.#making = making
    return making
  }

  async #attempt(number: number) {
    const { resource } = this
    const kept: Kept[] = []
    // What needs nothing starts at once, before the module goes on.
    if (resource.needs.length > 0) await Promise.all(resource.needs.map((need) => this.scope.get(need)?.make()))
    try {
      const value = await resource.init(this.#named() as never, this.#init(kept))
      // It hung for so long that another attempt has taken its place.
      if (number !== this.#attempts) return void (await resource.dispose?.(value))
      this.value = value
      this.kept.push(...kept)
      this.made = true
      this.#failures = 0
    } catch (thrown) {
      const error = new ResourceError(
        `the resource \`${resource.key}\` could not be made: ${toError(thrown).message}`,
        {
          cause: thrown,
        },
      )
      // That of one which hung says nothing of the attempt in its place.
      if (number === this.#attempts) {
        this.#retryAt = this.#failures++ ? Date.now() + Math.min(50 * 2 ** this.#failures, 5000) : 0
        this.#error = error
      }
      throw error
    }
  }

  async dispose(): Promise<void> {
    // What is still being made is let go as soon as it is there.
    if (this.#making && !(await settledWithin(this.#making, 1000))) this.#attempts++
    if (!this.made) return
    this.made = false
    this.kept.length = 0
    disposals.count++
    const value = this.value
    this.value = undefined
    await this.resource.dispose?.(value)
  }

  /** The earlier resources, of which `init` may read those that it names. */
  #named(): object {
    const { key, needs } = this.resource
    return this.#view((name) => {
      if (!needs.includes(name))
        throw new Error(`the init of \`${key}\` reads \`${name}\` without naming it: needs: ['${name}']`)
    })
  }

  #init(kept: Kept[]): Init<never> {
    const all = this.#view((_, instance) => {
      if (!instance.made) throw new Pending(instance)
    })
    return {
      read: async (select) => {
        for (;;)
          try {
            return (await select(all as never)) as never
          } catch (error) {
            if (!(error instanceof Pending)) throw error
            await error.instance.make()
          }
      },
      keep: async (it) => {
        await it.due(Date.now())?.done
        kept.push(it)
        return it
      },
    }
  }

  #view(check: (name: string, instance: Instance) => void): object {
    const view = {}
    for (const [name, instance] of this.scope)
      Object.defineProperty(view, name, {
        enumerable: true,
        get: () => {
          check(name, instance)
          return instance.value
        },
      })
    return view
  }
}

/** How many values are gone. Not told to the functions that use them: what they are known to would keep them for ever. */
export const disposals: { count: number } = { count: 0 }

/** ms after which an attempt that has not ended is taken for hung, or frozen with its environment, and another begun. */
export const attemptLimit: number = 10_000

/** A resource whose `init` failed, with what it threw as the cause. */
export class ResourceError extends Error {
  override readonly name: string = 'ResourceError'
}

/** Thrown through a selector that reads what is not there yet. */
class Pending {
  readonly instance: Instance
  constructor(instance: Instance) {
    this.instance = instance
  }
}
