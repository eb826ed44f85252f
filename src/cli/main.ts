import { Command } from 'commander';
import { ConfigError } from '../platform/config.ts';
import { CliError } from './cliError.ts';
import { addAssignCommand } from './commands/assign.ts';
import { addAuditCommand } from './commands/audit.ts';
import { addBatchesCommand } from './commands/batches.ts';
import { addCancelCommand } from './commands/cancel.ts';
import { addCertificateCommand } from './commands/certificate.ts';
import { addConfigCommand } from './commands/config.ts';
import { addEraseCommand } from './commands/erase.ts';
import { addExportCommand } from './commands/export.ts';
import { addFindingsCommand } from './commands/findings.ts';
import { addHistoryCommand } from './commands/history.ts';
import { addImportCommand } from './commands/import.ts';
import { addMappingsCommand } from './commands/mappings.ts';
import { addMatchCommand } from './commands/match.ts';
import { addMergeCommand } from './commands/merge.ts';
import { addPromoteCommand } from './commands/promote.ts';
import { addRejectedCommand } from './commands/rejected.ts';
import { addResolveCommand } from './commands/resolve.ts';
import { addRetryCommand } from './commands/retry.ts';
import { addRevertCommand } from './commands/revert.ts';
import { addReviewCommand } from './commands/review.ts';
import { addRulesCommand } from './commands/rules.ts';
import { addScheduleCommand } from './commands/schedule.ts';
import { addScoreCommand } from './commands/score.ts';
import { addTokenCommand } from './commands/token.ts';
import { addWorkspaceCommand } from './commands/workspace.ts';

const program = new Command('cli')
  .description('The identity subgraph and its Data Review Center, through the gateway.')
  .option('--json', 'print results as JSON')
  .option('--as <email>', 'in development: who you are', 'admin@demo.example')
  .option('--token <token>', 'a token of your identity provider (default: IDENTITY_TOKEN)')
  .option('--gateway <url>', 'the gateway (default: this machine, GATEWAY_PORT)');

addTokenCommand(program);
addWorkspaceCommand(program);
addImportCommand(program);
addMappingsCommand(program);
addAuditCommand(program);
addScheduleCommand(program);
addBatchesCommand(program);
addFindingsCommand(program);
addExportCommand(program);
addRejectedCommand(program);
addCertificateCommand(program);
addRulesCommand(program);
addConfigCommand(program);
addReviewCommand(program);
addMatchCommand(program);
addMergeCommand(program);
addAssignCommand(program);
addPromoteCommand(program);
addResolveCommand(program);
addRevertCommand(program);
addHistoryCommand(program);
addEraseCommand(program);
addCancelCommand(program);
addRetryCommand(program);
addScoreCommand(program);

try {
  await program.parseAsync();
} catch (error) {
  if (isClosedPipe(error)) process.exit(0);
  if (!(error instanceof CliError || error instanceof ConfigError)) throw error;
  process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = 1;
}

/** Whoever read the output, such as `head`, has seen enough. */
function isClosedPipe(error: unknown): boolean {
  return error instanceof Error && Reflect.get(error, 'code') === 'EPIPE';
}
