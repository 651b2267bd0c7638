import { expect, test } from 'vitest'
import { config, free, hello, processesIn, text } from './dev-project.ts'
import { fnware, project, until } from './testing.ts'

test('a save reloads: new code serves at once; code that does not build, or fails at INIT, leaves the old', async () => {
  const { folder, write } = project({
    'fnware.config.ts': config(),
    'src/hello.ts':
      "import { word } from './parts/word.ts'\nexport const handler = async () => ({ statusCode: 200, body: word })",
    'src/parts/word.ts': "export const word = 'one'",
  })
  const dev = fnware(folder, ['dev', '--port', '0'])
  const url = await dev.url()
  expect(await text(url)).toBe('one')
  write('src/parts/word.ts', "export const word = 'two'")
  await until(async () => (await text(url)) === 'two')
  await dev.says(/reloaded in [\d.]+ ms/)

  write('src/parts/word.ts', 'export const word = ')
  await dev.says('does not build: the code before goes on serving')
  expect(dev.output()).toMatch(/ERROR.*Unexpected end of file[\s\S]*src\/parts\/word\.ts:1:20/)
  expect(await text(url)).toBe('two')

  write('src/parts/word.ts', "throw new TypeError('at load')\nexport const word = ''")
  await dev.says('the new code fails at INIT: the code before goes on serving')
  expect(dev.output()).toMatch(/TypeError: at load\n\s+at .*src\/parts\/word\.ts:1/)
  expect(await text(url)).toBe('two')

  write('src/parts/word.ts', "export const word = 'three'")
  await until(async () => (await text(url)) === 'three')

  write(
    'src/hello.ts',
    "import { other } from './other.ts'\nexport const handler = async () => ({ statusCode: 200, body: other })",
  )
  await dev.says('Could not resolve "./other.ts"')
  write('src/other.ts', "export const other = 'four'")
  await until(async () => (await text(url)) === 'four')
  expect(await dev.ends('SIGTERM')).toEqual({ code: 0, signal: null })
})

test('many saves in a row: the last one serves', async () => {
  const { folder, write } = project({ 'fnware.config.ts': config(), 'src/hello.ts': hello('v0') })
  const dev = fnware(folder, ['dev', '--port', '0'])
  const url = await dev.url()
  for (let i = 1; i <= 20; i++) {
    write('src/hello.ts', hello(`v${i}`))
    await new Promise((later) => setTimeout(later, 25))
  }
  await until(async () => (await text(url)) === 'v20 /')
  await until(() => processesIn(folder).length === 1)
  expect(await text(url)).toBe('v20 /')
  expect(dev.output()).not.toMatch(/INIT|exit|killed/)
})

test('code that does not build at the start: says so, serves 500, and serves once it is mended', async () => {
  const { folder, write } = project({ 'fnware.config.ts': config(), 'src/hello.ts': 'export const handler = (' })
  const dev = fnware(folder, ['dev', '--port', '0'])
  const url = await dev.url()
  expect(dev.output()).toMatch(/src\/hello\.ts:1:\d+/)
  expect((await fetch(url)).status).toBe(500)
  write('src/hello.ts', hello('mended'))
  await until(async () => (await text(url)) === 'mended /')
})

test('the configuration is read anew when it, or what it imports, changes; a wrong one changes nothing', async () => {
  const { folder, write } = project({
    'fnware.config.ts': `import { defineConfig } from 'fnware'\nimport { environment } from './environment.ts'\nexport default defineConfig({ functions: { hello: { entry: 'src/hello.ts', environment } } })`,
    'environment.ts': "export const environment = { WORD: 'one' }",
    'src/hello.ts': 'export const handler = async () => String(process.env.WORD)',
  })
  const port = await free()
  const dev = fnware(folder, ['dev', '--port', String(port)])
  const url = await dev.url()
  const word = () => text(url).catch(() => undefined)
  expect(await word()).toBe('one')
  write('environment.ts', "export const environment = { WORD: 'two' }")
  await dev.says('fnware.config.ts changed: everything starts anew')
  await until(async () => (await word()) === 'two')
  write('fnware.config.ts', config("functions: { hello: { entry: 'src/hello.ts', tiemout: 3 } }"))
  await dev.says('functions.hello: unknown option `tiemout`: did you mean `timeout`?')
  expect(await word()).toBe('two')
  write('fnware.config.ts', config("functions: { hello: { entry: 'src/hello.ts', environment: { WORD: 'three' } } }"))
  await until(async () => (await word()) === 'three')
  expect(await dev.ends('SIGINT')).toEqual({ code: 0, signal: null })
})
