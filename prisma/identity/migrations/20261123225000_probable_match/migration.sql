-- Rows of imports that are nothing for sure are compared with all entities once all ranges are done.
ALTER TYPE "step_kind" ADD VALUE 'MATCH_PROBABLE' AFTER 'PROCESS_RANGE';
