import type { PrismaClient } from '../generated/prisma/client.ts';
import type { Credentials, IdentityClient } from './identityClient.ts';

/** What every service function works with: the data, and who asks. */
export interface ServiceContext {
  readonly prisma: PrismaClient;
  readonly identity: IdentityClient;
  /** Null where no token came with the request. */
  readonly credentials: Credentials | null;
}
