import type { FunctionOptions, InvokeOptions } from '@fnware/local'

/** One invocation at a time in an environment, or several (Lambda Managed Instances). */
export type Mode = 'single' | 'multi'

/** What differs between the two runtime clients: a line of the transcript that only one of them has. */
export interface Difference {
  readonly ours: readonly string[]
  readonly ric: readonly string[]
  /** Why it is so, and stays so. */
  readonly because: string
}

export interface Invocation {
  readonly event?: unknown
  readonly options?: InvokeOptions
}

/** A function, and what it is given. How the two clients differ over it says `differences.ts`. */
export interface Case {
  readonly name: string
  readonly files: Readonly<Record<string, string>>
  /** `index.handler` by default */
  readonly handler?: string
  readonly options?: Partial<FunctionOptions>
  /** One, of `{}`, by default. */
  readonly invocations?: readonly Invocation[]
  /** All at once instead of one after another. */
  readonly together?: boolean
  /** Milliseconds from the start of an environment to the first invocation: all its worker threads shall be there. */
  readonly warm?: number
  /** Milliseconds after each answer, for what is still done then. */
  readonly pause?: number
  /** The one mode in which it can be compared. */
  readonly only?: { readonly mode: Mode; readonly because: string }
}

/** A handler of an ES module, as most cases are. */
export const handler = (body: string): Case['files'] => ({ 'index.mjs': `export const handler = ${body}\n` })

export const modes: readonly Mode[] = ['single', 'multi']

export const modesOf = ({ only }: Case): readonly Mode[] => (only ? [only.mode] : modes)

/** For cases whose caller hears nothing under one of the clients: they shall not take long. */
export const short = { timeout: 2 } as const
