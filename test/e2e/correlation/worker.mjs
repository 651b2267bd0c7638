export { handler } from './worker.ts'
