import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export const config = (text = "functions: { hello: { entry: 'src/hello.ts' } }"): string =>
  `import { defineConfig } from 'fnware'\nexport default defineConfig({ ${text} })\n`
export const hello = (text: string): string => `interface Event { rawPath: string }
export const handler = async (event: Event) => ({ statusCode: 200, body: \`${text} \${event.rawPath}\` })\n`

export const text = async (url: string): Promise<string> => (await fetch(url)).text()

/** A busy port. */
export async function taken(): Promise<number> {
  const server = createServer()
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

export async function free(): Promise<number> {
  const server = createServer()
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  await new Promise((closed) => server.close(closed))
  return port
}

/** The processes whose working folder is below this one. */
export const processesIn = (folder: string): string[] =>
  readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`LAMBDA_TASK_ROOT=${folder}`)
    } catch {
      return false
    }
  })
