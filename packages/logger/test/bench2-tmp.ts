import { lambda } from '@fnware/core'
import { correlationOf, coldStartOf } from '@fnware/core/extend'
import { fakeContext } from '@fnware/testing'
const K = Symbol('k')
const wm = new WeakMap()
const cells: Record<string, any> = {
  nothing: lambda().use((ctx, next) => next()).handle(async () => 1),
  correlationOf: lambda().use((ctx, next) => { correlationOf(ctx, {}); return next() }).handle(async () => 1),
  weakmap: lambda().use((ctx, next) => { wm.set(ctx, {a: 1}); return next() }).handle(async () => 1),
  symbol: lambda().use((ctx, next) => { (ctx as any)[K] = {a: 1}; return next() }).handle(async () => 1),
  coldStartOf: lambda().use((ctx, next) => { coldStartOf(ctx); return next() }).handle(async () => 1),
}
const best: Record<string, number> = {}
const N = 2000
for (let round = 0; round < 40; round++)
  for (const [name, handler] of Object.entries(cells)) {
    const contexts = Array.from({ length: N }, () => fakeContext({ awsRequestId: 'x' }))
    const t0 = process.hrtime.bigint()
    for (const c of contexts) await handler({}, c).catch(() => {})
    const wall = Number(process.hrtime.bigint() - t0) / N
    if (!(best[name] < wall)) best[name] = wall
    await new Promise((r) => setImmediate(r))
  }
for (const [k, v] of Object.entries(best)) console.log(k.padEnd(24) + Math.round(v))
