/** Words by the value that they mean. */
type Words = Readonly<Record<string, readonly string[]>>;

/** Words for the values of enumerations, in the languages of headers; case and accents don't count. */
const KINDS: Words = {
  PERSON: [
    ...['person', 'private', 'private person', 'natural person', 'individual', 'human', 'consumer'],
    ...['Privat', 'Privatperson', 'natürliche Person', 'Privatkunde', 'personne', 'particulier'],
    ...[
      'personne physique',
      'persona',
      'persona física',
      'particular',
      'persona fisica',
      'privato',
    ],
    ...['pessoa', 'pessoa física', 'pessoa singular', 'persoon', 'natuurlijk persoon'],
  ],
  ORGANISATION: [
    ...['organisation', 'organization', 'org', 'company', 'business', 'corporate', 'corporation'],
    ...['legal entity', 'Firma', 'Unternehmen', 'juristische Person', 'Geschäftskunde', 'société'],
    ...['entreprise', 'personne morale', 'empresa', 'compañía', 'persona jurídica', 'organización'],
    ...['azienda', 'società', 'impresa', 'persona giuridica', 'pessoa jurídica', 'organização'],
    ...['bedrijf', 'onderneming', 'rechtspersoon', 'organisatie', 'zakelijk', 'organizzazione'],
  ],
};

const YES = [
  ...['yes', 'true', '1', 'y', 'ja', 'j', 'wahr', 'oui', 'vrai', 'sí', 'verdadero'],
].concat(...['sì', 'vero', 'sim', 'verdadeiro', 'waar']);
const NO = [...['no', 'false', '0', 'n', 'nein', 'falsch', 'non', 'faux', 'falso', 'não']].concat(
  ...['nee', 'onwaar'],
);

const STATUSES: Words = {
  PLANNED: [
    ...['planned', 'ordered', 'scheduled', 'geplant', 'bestellt', 'planifié', 'prévu', 'commandé'],
    ...['planificado', 'previsto', 'pedido', 'pianificato', 'ordinato', 'planejado', 'planeado'],
    ...['encomendado', 'gepland', 'besteld'],
  ],
  ACTIVE: [
    ...['active', 'in use', 'in service', 'in operation', 'operational', 'online', 'installed'],
    ...[
      'aktiv',
      'in Betrieb',
      'installiert',
      'actif',
      'active',
      'en service',
      'installé',
      'activo',
    ],
    ...['activa', 'en servicio', 'en uso', 'attivo', 'attiva', 'in servizio', 'in uso', 'ativo'],
    ...['ativa', 'em serviço', 'em uso', 'actief', 'in gebruik', ...YES],
  ],
  INACTIVE: [
    ...[
      'inactive',
      'not active',
      'disabled',
      'offline',
      'out of service',
      'inaktiv',
      'deaktiviert',
    ],
    ...[
      'außer Betrieb',
      'inactif',
      'inactive',
      'désactivé',
      'hors service',
      'inactivo',
      'inactiva',
    ],
    ...['desactivado', 'fuera de servicio', 'inattivo', 'disattivato', 'fuori servizio', 'inativo'],
    ...['desativado', 'fora de serviço', 'inactief', 'buiten gebruik', 'uitgeschakeld', ...NO],
  ],
  RETIRED: [
    ...['retired', 'decommissioned', 'scrapped', 'disposed', 'removed', 'ausgemustert'],
    ...['stillgelegt', 'verschrottet', 'entsorgt', 'retiré', 'mis au rebut', 'retirado', 'de baja'],
    ...[
      'dado de baja',
      'desmantelado',
      'ritirato',
      'dismesso',
      'rottamato',
      'abatido',
      'descartado',
    ],
    ...['afgevoerd', 'buiten bedrijf gesteld', 'gesloopt'],
  ],
};

/** The words for each value of the fields that have one of a few. */
export const ENUMERATIONS: Readonly<Record<string, Words>> = { kind: KINDS, status: STATUSES };

function wordOf(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replace(/[^\p{L}\p{N}]/gu, '');
}

const valuesByWord = new Map(
  Object.entries(ENUMERATIONS).map(([field, values]) => [
    field,
    new Map(
      Object.entries(values).flatMap(([value, words]) =>
        words.map((word) => [wordOf(word), value] as const),
      ),
    ),
  ]),
);

/** @returns the value of the field that a word means; undefined where it means none */
export function enumerationValue(field: string, word: string): string | undefined {
  return valuesByWord.get(field)?.get(wordOf(word));
}
