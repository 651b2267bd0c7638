#!/usr/bin/env node
// Not built, so that an install can link it before there is a dist.
const [major, minor] = process.versions.node.split('.').map(Number)
if (major > 22 || (major === 22 && minor >= 12)) await import('../dist/bin.mjs')
else {
  console.error(`fnware needs Node 22.12 or newer, this is ${process.versions.node}`)
  process.exitCode = 1
}
