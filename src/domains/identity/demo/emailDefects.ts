import { type RecordDefect, spoilText } from './demoDefects.ts';

interface Counts {
  readonly syntax: number;
  readonly domainTypo: number;
  readonly disposable: number;
}

const MISWRITTEN = [
  spoilText('email', (email) => email.replace('@', '')),
  spoilText('email', (email) => email.replace('@', '@@')),
  spoilText('email', (email) => email.replace('@', ' at ')),
  spoilText('email', (email) => email.replace(/@.*/, '@localhost')),
  spoilText('email', (email) => email.replace(/\.(\w+)$/, ',$1')),
  spoilText('email', (email) => `${email}.`),
  spoilText('email', (email) => `mailto:${email}`),
  spoilText('email', () => 'none'),
];

/** Not of offices: their addresses differ by domain only, and would be one and the same. */
const atDomain = (domain: string) =>
  spoilText('email', (email) =>
    email.startsWith('office') ? null : email.replace(/@.*/, `@${domain}`),
  );

const MISTYPED = ['gmial.com', 'hotmail.con', 'yaho.com', 'gmail.co', 'outlok.com'].map(atDomain);

const THROWN_AWAY = ['mailinator.com', 'guerrillamail.com', '10minutemail.com', 'yopmail.com'].map(
  atDomain,
);

/** What can be wrong with the e-mail address of contacts and sites. */
export function emailDefects<T extends 'contact' | 'site'>(
  entityType: T,
  counts: Counts,
): RecordDefect<T>[] {
  const defect = { field: 'email', severity: 'WARNING' } as const;
  return [
    {
      ...defect,
      ruleId: `${entityType}.email.syntax`,
      count: counts.syntax,
      spoil: MISWRITTEN,
    },
    {
      ...defect,
      ruleId: `${entityType}.email.domain-typo`,
      count: counts.domainTypo,
      spoil: MISTYPED,
    },
    {
      ...defect,
      ruleId: `${entityType}.email.disposable`,
      count: counts.disposable,
      spoil: THROWN_AWAY,
    },
  ];
}
