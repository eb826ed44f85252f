import type { Plugin } from 'graphql-yoga';
import type { Logger } from '../logger.ts';

/** Answers `/readyz`: 200 when nothing is missing, else 503 with JSON that names it. */
export function useReadiness(readiness: () => Promise<readonly string[]>, logger: Logger): Plugin {
  return {
    async onRequest({ url, fetchAPI, endResponse }) {
      if (url.pathname !== '/readyz') return;
      const missing = await readiness().catch((error: unknown) => {
        logger.error({ err: error }, 'The readiness check failed');
        return ['readiness check'];
      });
      const ready = missing.length === 0;
      endResponse(
        fetchAPI.Response.json(ready ? { status: 'ready' } : { status: 'unavailable', missing }, {
          status: ready ? 200 : 503,
        }),
      );
    },
  };
}
