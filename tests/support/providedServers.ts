/** What the global set-up starts for a test run, and tells every test. */
export interface TestServers {
  /** Of a database that databases can be created and dropped from. */
  readonly maintenanceUrl: string;
  /** What the names of this run's databases begin with. */
  readonly databasePrefix: string;
  readonly redisUrl: string | null;
  /** Removed at the end of the run, however that comes, with the servers that run in it. */
  readonly folder: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    servers: TestServers;
  }
}
