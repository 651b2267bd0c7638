export { handler } from './shop.ts'
