export { type Config, defineConfig, type Example, type FunctionConfig } from './config.ts'
