export { RedisError } from './errors.ts'
export { iam } from './iam.ts'
export { type Credentials, type RedisClient, type RedisOptions, redis } from './redis.ts'
