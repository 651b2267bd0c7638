const refuse = (key: PropertyKey) => {
  if (typeof key === 'symbol') return undefined
  throw new Error(`\`${key}\` of an invocation that its deadline has answered: nothing that comes now reaches anybody`)
}
const grave = /* @__PURE__ */ new Proxy(/* @__PURE__ */ Object.freeze({}), {
  get: (_, key) => refuse(key),
  set: (_, key) => {
    refuse(key)
    return false
  },
})

/** Makes every later use of a context throw: its invocation has been answered, and the next may be running. */
export const kill = (ctx: object): void => {
  // Somebody has frozen it: then nothing can be written to it either.
  if (!Object.isExtensible(ctx)) return
  for (const key of Object.keys(ctx))
    Object.defineProperty(ctx, key, { get: () => refuse(key), set: () => refuse(key), enumerable: false })
  Object.setPrototypeOf(ctx, grave)
}
