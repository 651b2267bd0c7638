/** Bytes of randomness that are got at once: each time takes a microsecond. */
const bytes = 1024

/** Makes ids, 16 hexadecimal digits each, by what no two environments share, be they begun from one snapshot. */
export const ids = (): (() => string) => {
  const { randomFillSync } = process.getBuiltinModule('node:crypto')
  let pool: Buffer | undefined
  let used = bytes
  return () => {
    if (used === bytes) {
      pool = randomFillSync(pool ?? Buffer.alloc(bytes))
      used = 0
    }
    return (pool as Buffer).toString('hex', used, (used += 8))
  }
}
