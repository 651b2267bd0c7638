export { RedisError } from './errors.ts'
export { type Credentials, type RedisOptions, redis } from './redis.ts'
