import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { getSystemErrorMessage } from 'node:util';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { CliError } from './cliError.ts';
import { printNote } from './output.ts';
import { printStream } from './printStream.ts';

/** How many rows are asked for at a time: a few megabytes. */
export const EXPORT_PAGE_SIZE = 5_000;

/** What is asked of each page. */
export const EXPORT_PAGE_FIELDS = 'text rowCount endCursor hasNextPage';

export const exportPageSchema = z.object({
  text: z.string(),
  rowCount: z.number(),
  endCursor: z.string().nullable(),
  hasNextPage: z.boolean(),
});

type ExportPage = z.infer<typeof exportPageSchema>;

export interface ExportOptions {
  readonly format: 'csv' | 'ndjson';
  readonly output?: string;
}

/** Lets a command say how rows are written, and where to. */
export function addExportOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--format <format>', 'how to write them')
        .choices(['csv', 'ndjson'])
        .default('csv'),
    )
    .option('--output <file>', 'the file to write (default: standard output)');
}

/**
 * Writes pages as they come, to standard output or to a file, which is there once it is whole.
 *
 * @param readPage - the page after a cursor; the first one after null
 * @throws CliError for a file that can't be written
 */
export async function writeExport(
  readPage: (after: string | null) => Promise<ExportPage>,
  output: string | undefined,
): Promise<void> {
  if (output === undefined) return printStream(readPages(readPage), texts);
  let rows = 0;
  const pages = async function* () {
    for await (const page of readPages(readPage)) {
      rows += page.rowCount;
      yield page.text;
    }
  };
  await writeWhole(output, pages());
  printNote(`${output}: ${rows} rows.`);
}

async function* readPages(
  readPage: (after: string | null) => Promise<ExportPage>,
): AsyncGenerator<ExportPage> {
  for (let after: string | null = null; ; ) {
    const page: ExportPage = await readPage(after);
    yield page;
    if (!page.hasNextPage) return;
    after = page.endCursor;
  }
}

async function* texts(pages: AsyncIterable<ExportPage>): AsyncGenerator<string> {
  for await (const { text } of pages) yield text;
}

async function writeWhole(path: string, lines: AsyncIterable<string>): Promise<void> {
  const part = `${path}.part`;
  try {
    await pipeline(Readable.from(lines), createWriteStream(part));
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    if (!(error instanceof Error && 'errno' in error)) throw error;
    const reason = getSystemErrorMessage(Number(error.errno));
    throw new CliError(`The file ${path} can't be written: ${reason}.`, { cause: error });
  }
}
