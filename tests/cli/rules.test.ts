import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type StandInGateway, startStandInGateway } from './standInGateway.ts';

const duplicates = {
  id: 'contact.duplicate',
  version: 2,
  entityType: 'CONTACT',
  severity: 'WARNING',
  looksAtWorkspace: true,
  fields: ['email'],
  description: 'A contact is there once.',
  rationale: 'It is written to twice.',
  example: 'Two contacts have one mailbox.',
  parameters: [],
};
const engine = { ...duplicates, id: 'engine.rule-failed', entityType: null, fields: [] };

let gateway: StandInGateway;
beforeEach(async () => {
  gateway = await startStandInGateway({ Rules: { auditRules: [duplicates, engine] } });
});
afterEach(() => gateway.stop());

describe('cli rules', () => {
  it('explains a rule of the engine, which is for every type', async () => {
    const { exitCode, stdout } = await gateway.cli('rules', engine.id, '--type', 'site');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('engine.rule-failed (WARNING, version 2)\n');
  });

  it('says of a rule for another type that it is one', async () => {
    const { exitCode, stderr } = await gateway.cli('rules', duplicates.id, '--type', 'site');
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('The rule "contact.duplicate" is not for sites but for contacts.');
  });

  it('knows no other rules', async () => {
    const { stderr } = await gateway.cli('rules', 'contact.unheard-of');
    expect(stderr).toContain('There is no rule "contact.unheard-of": see cli rules.');
  });
});
