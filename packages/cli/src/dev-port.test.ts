import { get } from 'node:http'
import { expect, test } from 'vitest'
import { config, free, hello, processesIn, taken } from './dev-project.ts'
import { fnware, project } from './testing.ts'

test('the port: --port before PORT before the configuration', async () => {
  const [a, b, c] = [await free(), await free(), await free()]
  const { folder } = project({
    'fnware.config.ts': config(`port: ${c}, functions: { hello: { entry: 'src/hello.ts' } }`),
    'src/hello.ts': hello('hi'),
  })
  for (const [args, env, port] of [
    [['--port', String(a)], { PORT: String(b) }, a],
    [[], { PORT: String(b) }, b],
    [[], {}, c],
  ] as const) {
    const dev = fnware(folder, ['dev', ...args], env)
    expect(await dev.url()).toBe(`http://127.0.0.1:${port}`)
    await dev.ends('SIGTERM')
  }
})

test('a port in use: a sentence, and what to do', async () => {
  const port = await taken()
  const { folder } = project({ 'fnware.config.ts': config(), 'src/hello.ts': hello('hi') })
  const dev = fnware(folder, ['dev', `--port=${port}`])
  expect(await dev.ends()).toEqual({ code: 1, signal: null })
  expect(dev.output()).toBe(`Port ${port} is in use. End what has it, or take another: fnware dev --port ${port + 1}\n`)
  expect(processesIn(folder)).toEqual([])
})

test('--inspect: the port is open before the first request, and said; in use, it says so', async () => {
  const port = await free()
  const { folder } = project({ 'fnware.config.ts': config(), 'src/hello.ts': hello('hi') })
  const dev = fnware(folder, ['dev', '--port', '0', `--inspect=${port}`])
  await dev.says(`hello  debugger on 127.0.0.1:${port}`)
  await new Promise((answered, failed) =>
    get({ host: '127.0.0.1', port, path: '/json/version', agent: false }, (response) =>
      response.resume().on('end', answered),
    ).on('error', failed),
  )
  const second = fnware(folder, ['dev', '--port', '0', `--inspect=${port}`])
  expect((await second.ends()).code).toBe(1)
  expect(second.output()).toContain(`Port ${port}, for the debugger, is in use.`)
})
