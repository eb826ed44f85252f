import DataLoader from 'dataloader';
import type { Enrollment, Program } from '../generated/prisma/client.ts';
import { findEnrollments, findEnrollmentsOfDevices } from '../services/enrollmentService.ts';
import { findPrograms } from '../services/programService.ts';
import type { ServiceContext } from '../services/serviceContext.ts';

/** Of one request. Loaders collect what a whole list asks for into one SQL statement. */
export interface Context extends ServiceContext {
  /** Null for what is not there or not the caller's to see. */
  readonly programs: DataLoader<string, Program | null>;
  /** Null for what is not there or not the caller's to see. */
  readonly enrollments: DataLoader<string, Enrollment | null>;
  readonly enrollmentsOfDevice: DataLoader<string, Enrollment[]>;
}

export function createContext(services: ServiceContext): Context {
  return {
    ...services,
    programs: loaderById(async (ids) => {
      const found = new Map((await findPrograms(services, ids)).map((row) => [row.id, row]));
      return (id) => found.get(id) ?? null;
    }),
    enrollments: loaderById(async (ids) => {
      const found = new Map((await findEnrollments(services, ids)).map((row) => [row.id, row]));
      return (id) => found.get(id) ?? null;
    }),
    enrollmentsOfDevice: loaderById(async (deviceIds) => {
      const rows = await findEnrollmentsOfDevices(services, deviceIds);
      const byDevice = Map.groupBy(rows, (row) => row.deviceId);
      return (id) => byDevice.get(id) ?? [];
    }),
  };
}

/** A UUID may come in upper case; PostgreSQL answers in lower case. */
function loaderById<Value>(
  load: (ids: readonly string[]) => Promise<(id: string) => Value>,
): DataLoader<string, Value> {
  return new DataLoader(async (ids) => {
    const find = await load(ids);
    return ids.map((id) => find(id.toLowerCase()));
  });
}
