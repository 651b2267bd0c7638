export {
  type Config,
  defineConfig,
  type Example,
  type FunctionConfig,
  type RunningService,
  type Service,
} from './config.ts'
