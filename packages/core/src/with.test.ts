import { fakeContext } from '@fnware/testing'
import { describe, expect, test } from 'vitest'
import { lambda, resource } from './index.ts'

describe('.with()', () => {
  let inits = 0
  const secrets = resource('secrets', {
    init: () => {
      inits++
      return { url: 'real' }
    },
  })
  const db = resource('db', {
    needs: ['secrets'],
    init: ({ secrets }: { secrets: { url: string } }) => ({ get: () => secrets.url }),
  })
  const both = lambda()
    .use(secrets)
    .use(db)
    .handle(({ db, secrets }) => db.get() + secrets.url)

  test('uses what is given; the rest does not start, and says so when it is read', async () => {
    const handler = lambda()
      .use(secrets)
      .use(db)
      .handle(({ db }) => db.get())
    expect(await handler.with({ db: { get: () => 'fake' } })({}, fakeContext())).toBe('fake')
    await expect(both.with({ db: { get: () => 'fake' } })({}, fakeContext())).rejects.toThrow(
      '`secrets` was not given to .with(): give it, or let INIT make it with { init: true }',
    )
    expect(inits).toBe(0)
  })

  test('lets INIT make the rest, apart from the real ones', async () => {
    const handler = both.with({ secrets: { url: 'test' } }, { init: true })
    expect(await handler({}, fakeContext())).toBe('testtest')
    expect(await both({}, fakeContext())).toBe('realreal')
    expect(inits).toBe(1)
  })

  test('with all that there is begins at once', async () => {
    let begun = false
    const handler = lambda()
      .use(secrets)
      .handle(({ secrets }) => {
        begun = true
        return secrets.url
      })
    const answer = handler.with({ secrets: { url: 'test' } })({}, fakeContext())
    expect(begun).toBe(true)
    expect(await answer).toBe('test')
  })

  test('refuses a typo', () => {
    expect(() => both.with({ secretz: {} } as never)).toThrow(
      '.with(): there is no resource `secretz`: did you mean `secrets`?',
    )
    expect(() => both.with({}, { inti: true } as never)).toThrow(
      '.with(): there is no option `inti`: did you mean `init`?',
    )
  })
})
