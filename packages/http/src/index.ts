export type { AlbEvent, HttpApiEvent, HttpEvent, HttpResult, RestApiEvent } from './event.ts'
export { type Http, type HttpContext, type HttpOptions, type HttpVerbs, http } from './http.ts'
export { type Reply, reply } from './reply.ts'
export type { HttpRequest } from './request.ts'
export type { ResponseHead, ResponseHeaders } from './response.ts'
export type {
  Answers,
  Params,
  Responses,
  Route,
  Routed,
  RouteSpec,
  Routes,
  RoutesVerb,
  Schema,
} from './router/routes.ts'
