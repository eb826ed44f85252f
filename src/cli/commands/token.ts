import type { Command } from 'commander';
import { readConfig } from '../../platform/config.ts';
import { developmentToken } from '../developmentToken.ts';
import { printResult } from '../output.ts';

export function addTokenCommand(program: Command): void {
  program
    .command('token')
    .argument('<email>', 'who signs in, such as viewer@demo.example')
    .description('print a token for development, to be sent as "Authorization: Bearer …"')
    .action(async (email: string, _options, command: Command) => {
      const token = await developmentToken(readConfig(), email);
      printResult(command.optsWithGlobals().json ? JSON.stringify({ token }) : token);
    });
}
