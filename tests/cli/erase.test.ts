import { afterEach, beforeEach, expect, it } from 'vitest';
import { type StandInGateway, startStandInGateway } from './standInGateway.ts';

let gateway: StandInGateway;
beforeEach(async () => {
  gateway = await startStandInGateway({
    ErasePerson: { erasePerson: { erasedIds: ['contact-1', 'contact-2'] } },
  });
});
afterEach(() => gateway.stop());

it('erases with --yes, and says how many were merged with the one that was named', async () => {
  const { stdout } = await gateway.cli('erase', 'contact-1', '--reason', 'Request 42', '--yes');

  expect(stdout).toBe('Erased contact-1, and 1 merged with it.\n');
  expect(gateway.asked[0]?.variables).toEqual({
    input: { contactId: 'contact-1', reason: 'Request 42' },
  });
});

it('erases nobody where nobody can be asked', async () => {
  const { exitCode, stderr } = await gateway.cli('erase', 'contact-1', '--reason', 'Request 42');

  expect(exitCode).toBe(1);
  expect(stderr).toContain('--yes');
  expect(gateway.asked).toEqual([]);
});
