export type Variables = Readonly<Record<string, string | undefined>>

/** What a schema sees of the environment, and which variables it has looked for. */
export interface Seen {
  readonly view: Variables
  readonly names: ReadonlySet<string>
}

/**
 * The variables that a schema asks for by name, and no others: a strict schema meets nothing that it does not know, and one
 * that keeps what it does not know keeps no credentials of the function.
 */
export const seen = (all: Variables): Seen => {
  const names = new Set<string>()
  const has = (name: string | symbol): name is string => {
    if (typeof name === 'string') names.add(name)
    return typeof name === 'string' && Object.hasOwn(all, name)
  }
  const view = new Proxy<Record<string, string | undefined>>(
    {},
    {
      get: (_, name) => (has(name) ? all[name] : undefined),
      has: (_, name) => has(name),
      ownKeys: () => [...names].filter((name) => Object.hasOwn(all, name)),
      getOwnPropertyDescriptor: (_, name) =>
        has(name) ? { value: all[name], enumerable: true, configurable: true, writable: true } : undefined,
    },
  )
  return { view, names }
}
