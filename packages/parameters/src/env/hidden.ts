/**
 * The same values, found by name alone: no log, no JSON and no spread shows them. Frozen, since invocations share them. What
 * is no plain object has ways of its own, and stays as it is.
 */
export const hidden = <T extends object>(values: T): T => {
  const prototype = Object.getPrototypeOf(values)
  if (prototype !== Object.prototype && prototype !== null) return values
  const getters = Object.entries(values).map(([name, value]) => [name, { get: () => value }])
  Object.values(values).forEach(freeze)
  const object = Object.defineProperties({}, Object.fromEntries(getters))
  // Otherwise an inspector that is asked for everything would read them.
  Object.defineProperty(object, Symbol.for('nodejs.util.inspect.custom'), {
    value: () => `[env: ${Object.keys(values).join(', ')}]`,
  })
  return Object.freeze(object) as T
}

const freeze = (value: unknown): void => {
  if (typeof value === 'object' && !ArrayBuffer.isView(value) && !Object.isFrozen(value))
    Object.values(Object.freeze(value) as object).forEach(freeze)
}
