import { expect, test } from 'vitest'
import { check, nearest, OptionsError, oneOf, text, whole } from './check.ts'
import { localLambda } from './local.ts'

const rules = { timeout: whole(1, 900, ' of seconds'), format: oneOf('Text', 'JSON'), handler: text() }

test.each([
  [{ tiemout: 3 }, 'f: unknown option `tiemout`: did you mean `timeout`?'],
  [{ zzzzzzzzzzzz: 3 }, 'f: unknown option `zzzzzzzzzzzz`: there is timeout, format, handler'],
  [{ constructor: 3 }, 'f: unknown option `constructor`'],
  [{ timeout: 0 }, 'f.timeout: expected a whole number of seconds from 1 to 900, got 0'],
  [{ timeout: '3' }, 'f.timeout: expected a whole number of seconds from 1 to 900, got "3"'],
  [{ timeout: Number.NaN }, 'got NaN'],
  [{ format: 'text' }, `f.format: expected one of 'Text', 'JSON', got "text"`],
  [{ handler: '' }, 'f.handler: expected a text, got ""'],
  [[], 'f: expected an object of options, got []'],
  [null, 'f: expected an object of options, got null'],
  [{}, 'f: option `handler` is missing: expected a text'],
])('%j is refused: %s', (options, message) => {
  const attempt = () => check(options, 'f', rules, ['handler'])
  expect(attempt).toThrow(OptionsError)
  expect(attempt).toThrow(message)
})

test('what is right passes, undefined counts as not given', () => {
  check({ handler: 'index.handler', timeout: undefined }, 'f', rules, ['handler'])
})

test('the nearest name: letters swapped, in another case, cut short; nothing when none is near', () => {
  expect(nearest('prot', ['host', 'port'])).toBe('port')
  expect(nearest('Memory', ['memory', 'timeout'])).toBe('memory')
  expect(nearest('env', ['environment', 'entry'])).toBe('environment')
  expect(nearest('qqqqq', ['port', 'host'])).toBeUndefined()
})

const right = { code: '/srv', handler: 'index.handler' }

test.each([
  [{ functions: {} }, 'functions: there is none'],
  [{ functions: { 'a b': right } }, 'functions: `a b` is no name for a function'],
  [{ functions: { a: { ...right, code: 'src' } } }, 'functions.a.code: expected the absolute path of a folder'],
  [{ functions: { a: { ...right, memroy: 1 } } }, 'functions.a: unknown option `memroy`: did you mean `memory`?'],
  [{ functions: { a: { ...right, memory: 64 } } }, 'functions.a.memory: expected a whole number of megabytes'],
  [{ functions: { a: { ...right, timeout: 901 } } }, 'from 1 to 900, got 901'],
  [{ functions: { a: { code: '/srv' } } }, 'functions.a: option `handler` is missing'],
  [
    { functions: { a: { ...right, environment: { AWS_REGION: 'x' } } } },
    'functions.a.environment: `AWS_REGION` is reserved by Lambda',
  ],
  [{ functions: { a: { ...right, environment: { N: 1 } } } }, 'no name for a variable'],
  [{ functions: { a: { ...right, environment: { NUMBER: 1 } } } }, 'environment.NUMBER: expected a text, got number'],
  [{ functions: { a: { ...right, http: 'GTE /' } } }, 'functions.a.http: `GTE /` is no route key'],
  [{ functions: { a: { ...right, http: 'GET /{proxy+}/a' } } }, '{proxy+} must come last'],
  [
    { functions: { a: { ...right, http: '/x' }, b: { ...right, http: '/x' } } },
    'functions.b.http and functions.a.http both want `ANY /x`',
  ],
  [{ functions: { a: right }, prot: 1 }, 'unknown option `prot`: did you mean `port`?'],
  [{ functions: { a: right }, onEvent: 1 }, 'onEvent: expected a function, got 1'],
])('localLambda refuses %j: %s', (options, message) => {
  const attempt = () => localLambda(options as never)
  expect(attempt).toThrow(OptionsError)
  expect(attempt).toThrow(message)
})
