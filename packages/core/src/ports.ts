// What packages tell each other of an invocation, for what is loaded only when it is needed. Nothing here imports the rest of
// the core: a bundler of one file puts all that a dynamic import reaches into functions, which V8 then reads twice.

export { hiddenIn, withoutHidden } from './hidden.ts'
export { isError } from './is-error.ts'
export { observe, observed, observing, type Work } from './observed.ts'
export { traceHeaderOf } from './trace-header.ts'
