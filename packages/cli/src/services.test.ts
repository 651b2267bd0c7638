import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fnware, project } from './testing.ts'

const answering = (expression: string) =>
  `export const handler = async () => ({ statusCode: 200, body: JSON.stringify(${expression}) })\n`

/** A configuration whose services write down what is done with them. */
const config = (services: string) => `import { appendFileSync } from 'node:fs'
import { defineConfig } from 'fnware'
const note = (text: string) => appendFileSync(import.meta.dirname + '/notes.txt', text + '\\n')
export default defineConfig({
  services: { ${services} },
  functions: { hello: { entry: 'src/hello.ts', environment: { MINE: 'of the function' } } },
})
`
const database = `database: async () => {
  await new Promise((resolve) => setTimeout(resolve, 20))
  note('started')
  return { environment: { DB: 'db:1', MINE: 'of the service' }, stop: () => note('stopped') }
}`

test('services start before the functions, tell them variables, and stop after them', async () => {
  const { folder } = project({
    'fnware.config.ts': config(`${database}, other: () => ({})`),
    'src/hello.ts': answering('[process.env.DB, process.env.MINE]'),
  })
  const dev = fnware(folder, ['dev', '--port', '0'])
  const url = await dev.url()
  expect(await (await fetch(url)).json()).toEqual(['db:1', 'of the function'])
  const notes = () => readFileSync(join(folder, 'notes.txt'), 'utf8')
  expect(notes()).toBe('started\n')
  expect(await dev.ends('SIGINT')).toEqual({ code: 0, signal: null })
  expect(notes()).toBe('started\nstopped\n')
})

test('a service that does not start is named, and the others are stopped', async () => {
  const { folder } = project({
    'fnware.config.ts': config(`${database}, cache: () => { throw new Error('no cache here') }`),
    'src/hello.ts': answering('1'),
  })
  const dev = fnware(folder, ['dev', '--port', '0'])
  expect(await dev.ends()).toEqual({ code: 1, signal: null })
  expect(dev.output()).toContain('services.cache did not start: Error: no cache here')
  expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe('started\nstopped\n')
})

test('a service that does not stop is named', async () => {
  const { folder } = project({
    'fnware.config.ts': config(`cache: () => ({ stop: async () => { throw new Error('stuck') } })`),
    'src/hello.ts': answering('1'),
  })
  const dev = fnware(folder, ['dev', '--port', '0'])
  await dev.url()
  expect(await dev.ends('SIGTERM')).toEqual({ code: 1, signal: null })
  expect(dev.output()).toContain('services.cache did not stop: Error: stuck')
})

test('what is no service is refused', async () => {
  const { folder } = project({
    'fnware.config.ts': "export default { services: { database: 5 }, functions: { a: { entry: 'src/a.ts' } } }",
    'src/a.ts': answering('1'),
  })
  const dev = fnware(folder, ['dev', '--port', '0'])
  expect(await dev.ends()).toEqual({ code: 1, signal: null })
  expect(dev.output()).toMatch(/services.*an object of functions that start something, by name/)
})

test('a file that the configuration imports knows where it is, as a service that reads its own files must', async () => {
  const { folder } = project({
    'fnware.config.ts': `import { defineConfig } from 'fnware'
import { places } from './dev/places.ts'
export default defineConfig({
  services: { places: () => ({ environment: { PLACES: places + import.meta.dirname } }) },
  functions: { hello: { entry: 'src/hello.ts' } },
})`,
    'dev/places.ts':
      "export const places: string = [import.meta.url, import.meta.filename, import.meta.dirname, ''].join(' ')",
    'src/hello.ts': answering('process.env.PLACES'),
  })
  const dev = fnware(folder, ['dev', '--port', '0'])
  const url = await dev.url()
  const file = join(folder, 'dev/places.ts')
  expect(await (await fetch(url)).json()).toBe(`file://${file} ${file} ${join(folder, 'dev')} ${folder}`)
})
