/**
 * A map by names that a client chooses: `__proto__` reaches nothing, and nothing is there that was not put there. V8
 * makes a slow hash table of `Object.create(null)`, but not of what inherits from one.
 */
export const byName = <T>(): Record<string, T> => new Empty()

const Empty = /* @__PURE__ */ (() => {
  function Names() {}
  Names.prototype = Object.freeze(Object.create(null))
  return Names as unknown as new () => Record<string, never>
})()
