import { Readable } from 'node:stream';
import type { ImportFileInput } from '../../../../src/domains/identity/services/imports/importService.ts';
import type { AskedReading } from '../../../../src/domains/identity/services/imports/planImport.ts';
import { readConfig } from '../../../../src/platform/config.ts';

/** What a test says of an import; the rest is as when nothing is asked for. */
export type GivenImport = Partial<Omit<ImportFileInput, 'file' | 'asked'>> &
  Pick<ImportFileInput, 'workspaceId' | 'createdBy'> & {
    readonly file: Readable | string;
    readonly asked?: Partial<AskedReading>;
  };

export function importInput({ file, asked, ...given }: GivenImport): ImportFileInput {
  return {
    ...{ profile: 'contactImport', title: 'Import', autoPromote: false },
    ...{ mapping: null, saveMapping: null, limits: readConfig({}).importLimits },
    ...given,
    file: typeof file === 'string' ? Readable.from([Buffer.from(file)]) : file,
    asked: {
      ...{ map: [], set: new Map(), dateOrder: null, decimalSeparator: null, blankErases: null },
      ...{ format: {}, fileName: 'file.csv', ...asked },
    },
  };
}
