import { type Config, readConfig } from '../platform/config.ts';

/**
 * What a command line begins with that reaches this supergraph from another terminal, in the folder
 * of the project: the variables that differ from what holds without them.
 */
export function cliPrefix({ gatewayPort, dataDir }: Config): string {
  const usual = readConfig({});
  const variables = [
    ...(gatewayPort === usual.gatewayPort ? [] : [`GATEWAY_PORT=${gatewayPort}`]),
    ...(dataDir === usual.dataDir ? [] : [`DATA_DIR=${quote(dataDir)}`]),
  ];
  return [...variables, 'npm run --silent cli --'].join(' ');
}

/** For a POSIX shell. */
function quote(text: string): string {
  return /^[\w./@%+,:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
