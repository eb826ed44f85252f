import { resolveUserId } from '../../../../src/domains/identity/services/userService.ts';
import { DEVELOPMENT_ISSUER } from '../../../../src/platform/auth/developmentKey.ts';
import { createTemporaryFolder } from '../../../support/temporaryFolder.ts';
import { type Ask, createGraphQLClient } from './graphqlClient.ts';
import { createIdentityTestbed, type IdentityTestbed } from './identityTestbed.ts';

/** A testbed that is asked over GraphQL, by the users that {@link Ask} speaks for. */
export interface GraphQLTestbed extends IdentityTestbed {
  readonly ask: Ask;
  /** The id of the user `NAME@test.example`, who has signed in. */
  userId(name: string): Promise<string>;
}

export async function createGraphQLTestbed(): Promise<GraphQLTestbed> {
  const testbed = await createIdentityTestbed();
  return {
    ...testbed,
    ask: createGraphQLClient(testbed, await createTemporaryFolder('graphql')),
    userId(name) {
      const email = `${name}@test.example`;
      return resolveUserId(testbed.runtime.pool, {
        ...{ issuer: DEVELOPMENT_ISSUER, subject: email, email, emailVerified: true, name: null },
      });
    },
  };
}
