export { handler } from './xray.ts'
