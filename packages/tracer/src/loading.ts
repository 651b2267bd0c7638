import type { CaptureOptions } from './capture/options.ts'
import type { Engine, Loaded } from './engine.ts'

/** An engine, loaded when it is first needed. */
export class Loading {
  readonly #engine: Engine
  readonly #captureCalls: boolean | CaptureOptions
  #under: Promise<Loaded | undefined> | undefined
  /** What there is to be told, once. */
  readonly #told = new Set<string>()
  readonly #untold: Error[] = []
  loaded: Loaded | undefined

  constructor(engine: Engine, captureCalls: boolean | CaptureOptions) {
    this.#engine = engine
    this.#captureCalls = captureCalls
  }

  /** Never rejects: a function whose engine cannot be loaded runs untraced. */
  load(): Promise<Loaded | undefined> {
    this.#under ??= this.#load()
    return this.#under
  }
  async #load() {
    try {
      const loaded = await this.#engine.load()
      const options = this.#captureCalls
      if (options) (await import('./capture/capture.ts')).capture(loaded, options === true ? {} : options)
      this.loaded = loaded
    } catch (error) {
      this.warn(`tracer(): the engine \`${this.#engine.name}\` could not be loaded`, error)
    }
    return this.loaded
  }

  /** Keeps a warning for the first invocation that can tell it. */
  readonly warn = (message: string, error?: unknown): void => {
    if (this.#told.has(message)) return
    this.#told.add(message)
    this.#untold.push(new Error(message, error === undefined ? {} : { cause: error }))
  }
  /** Throws what is to be told: a deferred function's error goes to the log. */
  tell(): void {
    const warning = this.#untold.shift()
    if (warning) throw warning
  }
}
