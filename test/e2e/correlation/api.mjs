export { handler } from './api.ts'
