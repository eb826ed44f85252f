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
    programs: new DataLoader(async (ids) => {
      const found = new Map((await findPrograms(services, ids)).map((row) => [row.id, row]));
      return ids.map((id) => found.get(id) ?? null);
    }),
    enrollments: new DataLoader(async (ids) => {
      const found = new Map((await findEnrollments(services, ids)).map((row) => [row.id, row]));
      return ids.map((id) => found.get(id) ?? null);
    }),
    enrollmentsOfDevice: new DataLoader(async (deviceIds) => {
      const rows = await findEnrollmentsOfDevices(services, deviceIds);
      const byDevice = Map.groupBy(rows, (row) => row.deviceId);
      return deviceIds.map((id) => byDevice.get(id) ?? []);
    }),
  };
}
