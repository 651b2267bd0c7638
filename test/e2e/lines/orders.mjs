export { handler } from './orders.ts'
