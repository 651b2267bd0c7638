import { type Case, handler } from '../case.ts'

const twice = [{}, {}]

/** How a function is found and loaded, and fails to be. */
export const init: readonly Case[] = [
  { name: 'CommonJS: index.cjs', files: { 'index.cjs': "exports.handler = async () => 'cjs'\n" } },
  { name: 'CommonJS: index.js without a package.json', files: { 'index.js': "exports.handler = () => 'js'\n" } },
  {
    name: 'CommonJS: module.exports is the object',
    files: { 'index.cjs': "module.exports = { handler() { return 'object' } }\n" },
  },
  {
    name: 'ES module: index.js with "type": "module"',
    files: { 'index.js': "export const handler = () => 'esm'\n", 'package.json': '{ "type": "module" }' },
  },
  {
    name: 'index.js comes before index.mjs',
    files: { 'index.js': "exports.handler = () => 'js'\n", ...handler("() => 'mjs'") },
  },
  {
    name: 'ES module syntax in index.js without a package.json',
    files: { 'index.js': "export const handler = () => 'detected'\n" },
  },
  {
    name: 'top-level await',
    files: { 'index.mjs': "export const handler = await Promise.resolve(() => 'awaited')\n" },
  },
  {
    name: 'a nested path: a/b.handler',
    files: { 'a/b.mjs': "export const handler = () => 'below'\n" },
    handler: 'a/b.handler',
  },
  {
    name: 'a nested export: index.api.get',
    files: { 'index.mjs': "export const api = { get: () => 'nested' }\n" },
    handler: 'index.api.get',
  },
  { name: 'a handler of the default export', files: { 'index.mjs': "export default { handler: () => 'default' }\n" } },
  {
    name: 'a package as the handler',
    files: { 'node_modules/lib/index.js': "exports.handler = () => 'package'\n" },
    handler: 'lib.handler',
  },
  {
    name: 'a handler with three arguments',
    files: handler('(event, context, callback) => callback(null, 1)'),
    invocations: twice,
  },
  { name: 'a handler with rest arguments', files: handler('(...args) => args.length') },
  { name: 'throws at INIT', files: { 'index.mjs': "throw new TypeError('at load')\n" }, invocations: twice },
  { name: 'throws a string at INIT', files: { 'index.mjs': "throw 'text'\n" } },
  { name: 'throws undefined at INIT', files: { 'index.mjs': 'throw undefined\n' } },
  { name: 'throws at INIT in CommonJS', files: { 'index.cjs': "throw new TypeError('at load')\n" } },
  { name: 'a syntax error', files: { 'index.mjs': 'export const handler = {\n' } },
  { name: 'a syntax error in CommonJS', files: { 'index.cjs': 'exports.handler = {\n' } },
  { name: 'no such export', files: handler('() => 1'), handler: 'index.other' },
  { name: 'an export that is no function', files: { 'index.mjs': 'export const handler = 1\n' } },
  { name: 'no such module', files: {}, handler: 'missing.handler' },
  { name: 'a package that is not there', files: { 'index.mjs': "import 'no-such-package'\n" } },
  { name: 'a package that is not there, in CommonJS', files: { 'index.cjs': "require('no-such-package')\n" } },
  { name: 'a handler name without a dot', files: {}, handler: 'nodots' },
  { name: 'a handler name with ..', files: {}, handler: '../up.handler' },
  { name: 'exit(0) at INIT', files: { 'index.mjs': 'process.exit(0)\n' } },
  { name: 'exit(7) at INIT', files: { 'index.mjs': 'process.exit(7)\n' } },
  {
    name: 'killed at INIT',
    files: {
      'index.mjs': "process.kill(process.pid, 'SIGKILL')\nawait new Promise(() => setInterval(() => {}, 1000))\n",
    },
  },
  { name: 'a top-level await that never settles', files: { 'index.mjs': 'await new Promise(() => {})\n' } },
  {
    name: 'an unhandled rejection at INIT',
    files: { 'index.mjs': "Promise.reject(new Error('nobody'))\nawait new Promise((r) => setTimeout(r, 5000))\n" },
  },
  {
    name: 'an uncaught exception at INIT',
    files: {
      'index.mjs': "setTimeout(() => { throw new Error('late') })\nawait new Promise((r) => setTimeout(r, 5000))\n",
    },
  },
  {
    name: 'what is written at INIT',
    files: {
      'index.mjs':
        "console.log('loading')\nprocess.stdout.write('raw\\n')\nexport const handler = () => { console.log('running') }\n",
    },
  },
]
