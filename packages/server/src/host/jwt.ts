import { SudaError } from '@suda/protocol';
import { createLocalJWKSet, createRemoteJWKSet, errors, type JSONWebKeySet, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { bearerOf, cookieOf } from '../identity.ts';
import type { HostUser } from './host-user.ts';
import type { Recognise } from './recognise.ts';

/** JSON Web Tokens (RFC 7519) that the host, or its identity provider, gives to its users. */
export interface JwtOptions {
  /** Shared with whoever signs: HS256 (RFC 7518 §3.2), at least 32 bytes. */
  readonly secret?: string | Uint8Array;
  /** The public keys of whoever signs (RFC 7517): their address, or the set itself. RSA, EC and Ed25519 keys. */
  readonly jwks?: string | URL | JSONWebKeySet;
  /** What `iss` must be. */
  readonly issuer?: string | string[];
  /** What `aud` must name. */
  readonly audience?: string | string[];
  /** A cookie that carries the token, for browsers. The header `Authorization: Bearer` beats it. */
  readonly cookie?: string;
  /** Who the claims speak of. Default: `sub`, called `name`, `preferred_username` or `nickname`. */
  readonly user?: (claims: JWTPayload) => HostUser | null | undefined;
}

/** Pinned, so that a token can't choose: neither `none` nor a public key taken for a shared secret (RFC 8725 §3.1). */
const sharedKey = ['HS256'];
const publicKey = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];
/** Another machine's clock may be so many seconds off. */
const TOLERANCE = 5;

function userOf(claims: JWTPayload): HostUser | undefined {
  const { sub, name, preferred_username: username, nickname } = claims;
  if (sub === undefined || sub === '') throw new SudaError('unauthenticated', 'The token names nobody: it has no "sub".');
  return { id: sub, name: String(name ?? username ?? nickname ?? '') };
}

/** Why a token is refused, for whoever holds it. Undefined: it was not the token's fault. */
function fault(error: unknown): string | undefined {
  if (error instanceof errors.JWTExpired) return 'The token has expired.';
  if (error instanceof errors.JWTClaimValidationFailed) return `The token’s "${error.claim}" is not what is expected here.`;
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'The token’s signature is not valid.';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'The token is signed in a way that is not accepted here.';
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
    return 'There is no key for this token.';
  if (error instanceof errors.JWTInvalid || error instanceof errors.JWSInvalid) return 'This token is not valid here.';
  if (error instanceof errors.JOSENotSupported) return 'The token is signed in a way that is not accepted here.';
  return undefined;
}

/** Recognises people by their tokens. The options have been checked. */
export function recogniseByJwt({ secret, jwks, issuer, audience, cookie, user = userOf }: JwtOptions): Recognise {
  const settings = {
    algorithms: jwks === undefined ? sharedKey : publicKey,
    clockTolerance: TOLERANCE,
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience }),
  };
  const key = keyFor(secret, jwks);
  const verify = async (token: string): Promise<HostUser | undefined> => {
    try {
      const { payload } = await jwtVerify(token, key, settings);
      return user(payload) ?? undefined;
    } catch (error) {
      const sentence = fault(error);
      if (sentence !== undefined) throw new SudaError('unauthenticated', sentence);
      throw error;
    }
  };
  return {
    token: verify,
    async request(request) {
      const bearer = bearerOf(request);
      if (bearer !== undefined) return verify(bearer);
      const kept = cookie === undefined ? undefined : cookieOf(request, cookie);
      if (kept === undefined) return undefined;
      try {
        return await verify(kept);
      } catch (error) {
        // As any cookie that is not valid: it is as none.
        if (error instanceof SudaError && error.code === 'unauthenticated') return undefined;
        throw error;
      }
    },
  };
}

function keyFor(secret: JwtOptions['secret'], jwks: JwtOptions['jwks']): JWTVerifyGetKey {
  if (typeof jwks === 'string' || jwks instanceof URL) return createRemoteJWKSet(new URL(jwks));
  if (jwks !== undefined) return createLocalJWKSet(jwks);
  const bytes = typeof secret === 'string' ? new TextEncoder().encode(secret) : (secret ?? new Uint8Array());
  return async () => bytes;
}
