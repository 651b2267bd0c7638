import { describe, expect, test } from 'vitest'
import { leavesIn, leavesOf } from './leaves.ts'

const leaves = (text: string) => new Set(leavesOf({ version: '1', text }))

describe('what no log may show of a secret', () => {
  test('is its text, also without the space round it', () => {
    expect(leaves(' hunter-22\n')).toEqual(new Set([' hunter-22\n', 'hunter-22', '']))
  })

  test('is all that its JSON is made of, and not the names in it', () => {
    const text =
      '{"user":"app-user","nested":{"list":["one","two",{"pin":123456,"rate":0.123456}]},"on":true,"none":null}'
    expect(leaves(text)).toEqual(new Set([text, 'app-user', 'one', 'two', '123456', '']))
    expect(leaves('"a text of JSON"')).toContain('a text of JSON')
    expect(leaves('{"half":')).toEqual(new Set(['{"half":', '']))
    expect(leaves('{"__proto__":{"password":"hunter-22"}}')).toContain('hunter-22')
  })

  test('is not what says where a database is', () => {
    const where = { engine: 'postgres', host: 'db.example.com', port: 543210, dbname: 'orders', masterarn: 'arn:aws:x' }
    const found = leavesIn({ ...where, username: 'app-user', password: 'hunter-22', dbInstanceIdentifier: 'orders-db' })
    expect(new Set(found)).toEqual(new Set(['app-user', 'hunter-22', '']))
    expect(leavesIn({ host: { token: 'hunter-22' } })).toContain('hunter-22')
  })

  test('is the password of a URL or a connection string, too', () => {
    expect(leaves('postgres://app:p%40ss%2Fword@db:5432/orders?a=b:c@d')).toEqual(
      new Set(['postgres://app:p%40ss%2Fword@db:5432/orders?a=b:c@d', 'p%40ss%2Fword', 'p@ss/word', '']),
    )
    expect(leaves('redis://:hunter-22@cache')).toContain('hunter-22')
    expect(leaves('mongodb+srv://app:100%@db/x')).toContain('100%')
    expect(leaves('Server=db;User Id=app;Password=hunter-22;Port=1')).toContain('hunter-22')
  })

  test('is its bytes in base64 and hex, and the text that they may be', () => {
    const bytes = new TextEncoder().encode('xx{"password":"hunter-22"}').subarray(2)
    const found = leavesOf({ version: '1', binary: bytes })
    expect(found).toContain('hunter-22')
    expect(found).toContain(Buffer.from(bytes).toString('base64'))
    expect(found).toContain(Buffer.from(bytes).toString('hex'))
    expect(leavesIn(bytes)).toEqual([])
  })

  test('ends somewhere', () => {
    let deep: unknown = 'at the bottom'
    for (let i = 0; i < 10_000; i++) deep = [deep]
    expect(leavesIn(deep)).toEqual([])
    expect(leavesOf({ version: '1' })).toContain('')
  })
})
