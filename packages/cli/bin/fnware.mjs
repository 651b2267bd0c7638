#!/usr/bin/env node
// Not built, so that an install can link it before there is a dist.
import { existsSync } from 'node:fs'

const built = new URL('../dist/bin.mjs', import.meta.url)
const [major, minor] = process.versions.node.split('.').map(Number)
const fail = (text) => {
  console.error(text)
  process.exitCode = 1
}

if (major < 22 || (major === 22 && minor < 12))
  fail(`fnware needs Node 22.12 or newer, this is ${process.versions.node}`)
else if (!existsSync(built)) fail('fnware is not built yet: run `npx -y pnpm@12 build` in the root of its repository')
else await import(built.href)
