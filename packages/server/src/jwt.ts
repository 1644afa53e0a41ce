export {
  type JwtAuthorizerOptions,
  type JwtClaims,
  type JwtIssuer,
  type JwtRights,
  type JwtTenant,
  type JwtTokenSource,
  jwtAuthorizer,
} from './jwt/jwt-authorizer.ts'
export type { JwtKey, JwtKeySet, JwtKeys, RuntimeKey } from './jwt/jwt-key-finder.ts'
