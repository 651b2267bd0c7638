import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseW3C, parseXRay, w3cHeaders, xrayHeader } from './trace.ts'

const root = '1-5759e988-bd862e3fe1be46a994272793'
const parent = '53995c3f42cd8ad8'

describe("X-Ray's header", () => {
  test.each([
    [`Root=${root};Parent=${parent};Sampled=1`, { root, parent, sampled: true }],
    [`Root=${root};Parent=${parent};Sampled=0`, { root, parent, sampled: false }],
    [`Root=${root};Sampled=?`, { root, parent: undefined, sampled: undefined }],
    [`Root=${root}`, { root, sampled: undefined }],
    [`Sampled=1; Root=${root} ;Parent=${parent};`, { root, parent, sampled: true }],
    [
      `Root=${root};Parent=${parent};Sampled=1;Lineage=1:a87bd80c:0|68fd508a:5`,
      { root, lineage: '1:a87bd80c:0|68fd508a:5' },
    ],
    [`Self=1-67891234-12456789abcdef012345678;Root=${root};CalledFrom=app`, { root }],
  ])('%s', (header, trace) => {
    expect(parseXRay(header)).toMatchObject(trace)
  })

  test.each([
    ['nothing', undefined],
    ['empty', ''],
    ['no text', [`Root=${root}`]],
    ['no root', `Parent=${parent};Sampled=1`],
    ['a bare id', root],
    ['another version', 'Root=2-5759e988-bd862e3fe1be46a994272793'],
    ['short', 'Root=1-5759e988-bd862e3fe1be46a99427279'],
    ['long', `Root=${root}0`],
    ['upper case', `Root=${root.toUpperCase()}`],
    ['a parent of no id', `Root=${root};Parent=1;Sampled=1`],
    ['a decision that is none', `Root=${root};Sampled=2`],
    ['two roots', `Root=${root};Root=${root}`],
    ['a line break', `Root=${root};Sampled=1\r\nx-evil: 1`],
    ['what would end a JSON text', `Root=${root};x="}`.replace('x=', '"x=')],
    ['the name of a method', `Root=${root};constructor`],
    ['a long one', `Root=${root};x=${'y'.repeat(500)}`],
  ])('%s is none', (_, header) => {
    expect(parseXRay(header)).toBeUndefined()
  })

  test('nothing that is made of its pieces is taken for more than it is', () => {
    const piece = fc.constantFrom(
      'Root=',
      root,
      ';',
      'Parent=',
      parent,
      'Sampled=',
      '1',
      '0',
      '?',
      '=',
      ' ',
      '\n',
      '\u0000',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const trace = parseXRay(pieces.join(''))
        if (!trace) return
        expect(trace.root).toBe(root)
        expect([undefined, parent]).toContain(trace.parent)
        expect(parseXRay(xrayHeader(trace, trace.parent))).toEqual(trace)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('traceparent', () => {
  const id = root.slice(2).replace('-', '')
  test('is read, and written as it was', () => {
    const trace = parseW3C(`00-${id}-${parent}-01`, 'vendor=1')
    expect(trace).toEqual({ root, parent, sampled: true, state: 'vendor=1' })
    expect(w3cHeaders(trace as never, parent)).toEqual({
      traceparent: `00-${id}-${parent}-01`,
      tracestate: 'vendor=1',
    })
    expect(parseW3C(`00-${id}-${parent}-02`)?.sampled).toBe(false)
  })
  test.each([
    `00-${id}-${parent}`,
    `ff-${id}-${parent}-01`,
    `00-${'0'.repeat(32)}-${parent}-01`,
    `00-${id}-${'0'.repeat(16)}-01`,
    `00-${id.toUpperCase()}-${parent}-01`,
    `00-${id}-${parent}-01-more`,
    `00-${id}-${parent}-01\n`,
    7,
    undefined,
  ])('%s is none', (header) => {
    expect(parseW3C(header)).toBeUndefined()
  })
  test('a state that no header can carry is left out', () => {
    expect(parseW3C(`00-${id}-${parent}-01`, 'a=1\r\nx: y')?.state).toBeUndefined()
    expect(parseW3C(`00-${id}-${parent}-01`, 'a'.repeat(513))?.state).toBeUndefined()
  })
})
