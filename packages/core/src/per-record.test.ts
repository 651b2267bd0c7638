import { fakeContext } from '@fnware/testing'
import { expect, test } from 'vitest'
import { batch, type PerRecord, perRecord } from './extend.ts'
import { correlation, lambda } from './index.ts'

const source = batch<{ Records: readonly string[] }, { id: string }, unknown, { id: string }>({
  name: 'letters',
  records: ({ Records }) => Records.map((id) => ({ id })),
  id: ({ id }) => id,
  open: ({ id }) => ({ id }),
  payload: ({ id }) => id,
  answer: ({ undone }) => undone.map(({ id }) => id),
})

class Named implements PerRecord {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
  [perRecord](id: string): Named {
    return new Named(`${this.name} of ${id}`)
  }
}

const picky = new Proxy(
  {},
  {
    get: (_, key) => {
      throw new Error(`there is no ${String(key)}`)
    },
  },
)

test('what knows to be a record’s own is so for each record, by the name that it has at the end of the chain', async () => {
  const seen: unknown[] = []
  const handler = lambda(source)
    .use((_, next) => next({ it: new Named('first'), plain: { a: 1 }, picky }))
    .use(({ it }, next) => next({ it: new Named(`second after ${it.name}`) }))
    .each(
      ({ it, id }, next) => next({ before: `${it.name}, ${id}` }),
      ({ it, plain, before }) => {
        seen.push([it.name, before, plain])
      },
    )
  await handler({ Records: ['a', 'b'] }, fakeContext())
  expect(seen).toEqual(
    ['a', 'b'].map((id) => [`second after first of ${id}`, `second after first of ${id}, ${id}`, { a: 1 }]),
  )
})

test('what throws there fails its record alone', async () => {
  const thrower = {
    [perRecord]: (id: string) => {
      if (id === 'b') throw new Error('no')
      return id
    },
  }
  const handler = lambda(source)
    .use((ctx, next) => {
      ctx.defer(() => {})
      return next({ thrower })
    })
    .each(() => {})
  const error = console.error
  console.error = () => {}
  try {
    expect(await handler({ Records: ['a', 'b', 'c'] }, fakeContext())).toEqual(['b'])
  } finally {
    console.error = error
  }
})

test('each record of a batch has the correlation that came with it', async () => {
  const queue = batch<{ Records: readonly { messageId: string }[] }, { messageId: string }, unknown, {}>({
    name: 'queue',
    records: ({ Records }) => Records,
    id: ({ messageId }) => messageId,
    open: () => ({}),
    payload: () => undefined,
    answer: () => undefined,
  })
  const seen: unknown[] = []
  const handler = lambda(queue)
    .use(correlation({ id: (event) => (event as { Records: { own?: string }[] }).Records[0]?.own }))
    .use(({ correlation }, next) => {
      seen.push(correlation.id)
      return next()
    })
    .each(({ correlation }) => {
      seen.push(correlation.id, correlation.debug)
    })
  const carried = { 'x-correlation-id': { stringValue: 'c' }, 'x-correlation-debug': { stringValue: '1' } }
  const Records = [{ messageId: 'a' }, { messageId: 'b', messageAttributes: carried }, { messageId: 'd', own: 'mine' }]
  await handler({ Records }, fakeContext({ awsRequestId: 'request' }))
  expect(seen).toEqual(['request', 'a', undefined, 'c', true, 'mine', undefined])
})
