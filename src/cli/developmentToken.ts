import { z } from 'zod';
import { signDevelopmentToken, type TokenConfig } from '../platform/auth/developmentKey.ts';
import { CliError } from './cliError.ts';

/**
 * A token of this machine's own key, for a person.
 *
 * @throws CliError for what is no email address, ConfigError where such tokens are not taken
 */
export async function developmentToken(config: TokenConfig, email: string): Promise<string> {
  if (z.email().safeParse(email).success) return signDevelopmentToken(config, email);
  throw new CliError(`"${email}" is not an email address, such as viewer@demo.example.`);
}
